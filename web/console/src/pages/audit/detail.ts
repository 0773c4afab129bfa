// The facts of an audit record, as keys and values of the server, told in the reader's words.
import { t, tWord } from '@/i18n'
import { formatMoney, formatRate } from '@/lib/money'

export interface Fact { label: string; value: string }
/** Names the reader may not be allowed to ask for stay keys. */
export interface Names { role: (key: string) => string; right: (key: string) => string }

/** Shown elsewhere in the row, or nothing to a reader. */
const HIDDEN = new Set(['number', 'name', 'owner_id', 'proposal_id', 'request_id', 'ids', 'to', 'form', 'format'])
/** What being off says as much about as being on. */
const TOLD_WHEN_FALSE = new Set(['is_on', 'enabled', 'upheld'])
const list = (values: readonly string[]) => values.join(t('audit.comma'))
const isChange = (v: unknown): v is { from: unknown; to: unknown } => v !== null && typeof v === 'object' && 'from' in v && 'to' in v
const isGroup = (v: unknown): v is Record<string, unknown> => v !== null && typeof v === 'object' && !Array.isArray(v) && !isChange(v)
/** Keys whose values are words of a catalogue. */
const WORDS: Record<string, (word: string) => string> = {
  ground: (w) => tWord('reviews.ground', w),
  flag: (w) => tWord('audit.flag', w),
  part: (w) => tWord('audit.part', w),
  member_pricing: (w) => tWord('mprice', w),
  in_browser: (w) => tWord('way', w),
  in_wechat: (w) => tWord('way', w),
  tax_method: (w) => tWord('wd', `method_${w}`),
  ...Object.fromEntries(['trigger', 'audience', 'renew_on', 'conflict', 'customer_joins'].map((key) => [key, (w: string) => tWord(`bind.${key}`, w)])),
}
const STATES: Record<string, string> = { staff: 'state.staff', payment_config: 'pay', member: 'state.adjustment', orders: 'state.order' }
const sorted = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b)

function told(subject: string, key: string, v: unknown, names: Names): string {
  if (isChange(v)) return `${told(subject, key, v.from, names)} → ${told(subject, key, v.to, names)}`
  if (v === null || v === undefined) return key === 'commission_rate_bp' ? t('products.by_rule') : '—'
  if (key === 'roles' && Array.isArray(v)) return list(v.map((x) => names.role(String(x)))) || '—'
  if ((key === 'given' || key === 'taken') && Array.isArray(v)) return list(v.map((x) => names.right(String(x))))
  if (key === 'changed' && Array.isArray(v)) return list(v.map((x) => tWord('audit.field', String(x))))
  if (key === 'state') return tWord(STATES[subject] ?? 'state.product', stateWord(subject, String(v)))
  const word = WORDS[key]
  if (word) return list((Array.isArray(v) ? v : [v]).map((x) => word(String(x))))
  if (v === false) return t('audit.no')
  if (Array.isArray(v) && !/_minor$/.test(key)) return list(v.map(String))
  if (/_minor$|^prices_minor$/.test(key)) {
    const prices = sorted(Array.isArray(v) ? v.map(Number) : [Number(v)])
    return prices.length > 1 ? `${formatMoney(prices[0]!)} – ${formatMoney(prices.at(-1)!)}` : prices.map((p) => formatMoney(p)).join('')
  }
  if (/_bp$/.test(key)) return formatRate(Number(v))
  if (/_days$/.test(key)) return t('audit.days', { n: Number(v) })
  if (key === 'changed') return t('audit.pieces', { n: Number(v) })
  return typeof v === 'object' ? JSON.stringify(v) : String(v)
}
const stateWord = (subject: string, word: string) => (subject === 'payment_config' ? (word === 'active' || word === 'on' ? 'on' : 'off') : word)

export function factsOf(subject: string, detail: Record<string, unknown> | null | undefined, names: Names): Fact[] {
  return Object.entries(detail ?? {}).flatMap(([key, v]) => {
    if (isGroup(v)) return factsOf(subject, v, names)
    // What did not happen, did not change or was empty is not worth a word.
    if (HIDDEN.has(key) || v === '' || (v === false && !TOLD_WHEN_FALSE.has(key)) || (Array.isArray(v) && !v.length)) return []
    if (isChange(v) && JSON.stringify(v.from) === JSON.stringify(v.to)) return []
    return [{ label: tWord('audit.field', key), value: v === true ? (TOLD_WHEN_FALSE.has(key) ? t('audit.yes') : '') : told(subject, key, v, names) }]
  })
}
