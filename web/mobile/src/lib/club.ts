// Levels in numbers and words.
import type { Level, MyLevel } from '@/api/club'
import { t } from '@/i18n'
import { prefs } from '@/state/prefs'

/** How much of the way to the next level is done, in percent; all of it at the top. */
export function levelProgress(level: MyLevel): number {
  if (level.next_from === null) return 100
  const from = level.level?.growth_from ?? 0
  const way = level.next_from - from
  return way > 0 ? Math.min(100, Math.max(4, Math.round(((level.growth - from) / way) * 100))) : 100
}

const short = (value: number, digits: number): string => String(Number(value.toFixed(digits)))

/** What a level gives, one short sentence each. */
export function rightsOf(level: Level): string[] {
  const rights: string[] = []
  if (level.discount_bp) {
    // Chinese says what is left to pay in tenths, English what is taken off in percent.
    const rate = prefs.language === 'en' ? level.discount_bp / 100 : (10_000 - level.discount_bp) / 1000
    rights.push(t('club.discount', { rate: short(rate, 2) }))
  }
  if (level.points_bp > 10_000) rights.push(t('club.points_times', { times: short(level.points_bp / 10_000, 2) }))
  if (level.free_freight) rights.push(t('club.free_freight'))
  if (level.note) rights.push(level.note)
  return rights
}
