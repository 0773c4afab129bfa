// The rules of who belongs to whom, as the form holds them and in plain words.
import type { ProgrammeRules } from '@/api/distribution'
import { t } from '@/i18n'

export type Binding = Required<Pick<ProgrammeRules, 'trigger' | 'audience' | 'new_member_hours' | 'protect_days' | 'validity_days' | 'renew_on' | 'renew_days' | 'conflict' | 'idle_days' | 'employees_take_over' | 'customer_joins'>>

export const DEFAULT_BINDING: Binding = {
  trigger: 'click', audience: 'no_paid_order', new_member_hours: 24, protect_days: 15, validity_days: 180, renew_on: 'paid', renew_days: 180,
  conflict: 'last_wins', idle_days: null, employees_take_over: false, customer_joins: 'keep',
}

export function bindingOf(rules: Partial<Binding>): Binding {
  return Object.fromEntries(Object.entries(DEFAULT_BINDING).map(([k, v]) => [k, k in rules && rules[k as keyof Binding] !== undefined ? rules[k as keyof Binding] : v])) as Binding
}

export function bindingInWords(r: Binding): string[] {
  const lines = [t(`bind.say_trigger_${r.trigger!}`), t(`bind.say_audience_${r.audience!}`, { n: r.new_member_hours })]
  lines.push(r.protect_days === null ? t('bind.say_never') : r.conflict === 'first_wins' ? t('bind.say_first') : t('bind.say_protect', { n: r.protect_days }))
  lines.push(r.validity_days === null ? t('bind.say_endless') : t('bind.say_validity', { n: r.validity_days }))
  if (r.renew_on !== 'none' && r.validity_days !== null) lines.push(t(`bind.say_renew_${r.renew_on!}`, { n: r.renew_days }))
  if (r.idle_days !== null) lines.push(t('bind.say_idle', { n: r.idle_days }))
  return lines
}
