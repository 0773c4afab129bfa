// A zone in one sentence, as the list shows it.
import type { FreightRules, Zone } from '@/api/freight'
import { t } from '@/i18n'
import { formatMoney } from '@/lib/money'

export type Measure = NonNullable<FreightRules['measure']>

/** Grams as kilograms, fen as yuan, pieces as they are. */
export const shownUnits = (measure: Measure, units: number) => (measure === 'weight' ? units / 1000 : measure === 'amount' ? units / 100 : units)
export const keptUnits = (measure: Measure, shown: number) => Math.round(measure === 'weight' ? shown * 1000 : measure === 'amount' ? shown * 100 : shown)

export function zoneText(zone: Zone, measure: Measure): string {
  const unit = t(`freight.unit.${measure}`)
  const steps = !!zone.step_units && !!zone.step_fee_minor
  if (!zone.first_fee_minor && !steps) return t('freight.summary_free')
  const said = [
    steps
      ? t('freight.summary.step', { first: shownUnits(measure, zone.first_units ?? 1), unit, fee: formatMoney(zone.first_fee_minor ?? 0), step: shownUnits(measure, zone.step_units ?? 0), more: formatMoney(zone.step_fee_minor ?? 0) })
      : t('freight.summary.flat', { fee: formatMoney(zone.first_fee_minor ?? 0) }),
  ]
  if (zone.free_from_minor) said.push(t('freight.summary_from', { money: formatMoney(zone.free_from_minor) }))
  if (zone.free_from_pieces) said.push(t('freight.summary_pieces', { n: zone.free_from_pieces }))
  return said.join(' · ')
}
