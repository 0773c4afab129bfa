// Small words of the members' pages.
import type { TagRule } from '@/api/club'
import { t } from '@/i18n'
import { formatMoney } from '@/lib/money'

export const dayOf = (at: string): string => new Date(at).toLocaleDateString('sv-SE')

/** A rule in one line. */
export function sayRule(rule: TagRule, categoryName: (id: string) => string): string {
  const said: string[] = []
  if (rule.spent_from_minor) said.push(t('tags.say_spent', { money: formatMoney(rule.spent_from_minor) }))
  if (rule.orders_from) said.push(t('tags.say_orders', { n: rule.orders_from }))
  if (rule.bought_within_days) said.push(t('tags.say_within', { n: rule.bought_within_days }))
  if (rule.silent_for_days) said.push(t('tags.say_silent', { n: rule.silent_for_days }))
  if (rule.category_id) said.push(t('tags.say_category', { name: categoryName(rule.category_id) }))
  return said.join(' · ')
}
