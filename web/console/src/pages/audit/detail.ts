// The facts of an audit record, as keys and values of the server, told in the reader's words.
import { t, tWord } from '@/i18n'
import { formatMoney, formatRate } from '@/lib/money'

export interface Fact { label: string; value: string }
/** Names the reader may not be allowed to ask for stay keys. */
export interface Names { role: (key: string) => string; right: (key: string) => string }

/** Shown elsewhere in the row, or nothing to a reader. */
const HIDDEN = new Set(['number', 'owner_id', 'proposal_id'])
const list = (values: readonly string[]) => values.join(t('audit.comma'))
const isChange = (v: unknown): v is { from: unknown; to: unknown } => v !== null && typeof v === 'object' && 'from' in v && 'to' in v
const sorted = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b)

function told(subject: string, key: string, v: unknown, names: Names): string {
  if (isChange(v)) return `${told(subject, key, v.from, names)} → ${told(subject, key, v.to, names)}`
  if (v === null || v === undefined) return key === 'commission_rate_bp' ? t('products.by_rule') : '—'
  if (key === 'roles' && Array.isArray(v)) return list(v.map((x) => names.role(String(x)))) || '—'
  if ((key === 'given' || key === 'taken') && Array.isArray(v)) return list(v.map((x) => names.right(String(x))))
  if (key === 'changed' && Array.isArray(v)) return list(v.map((x) => tWord('audit.field', String(x))))
  if (key === 'state') return tWord(subject === 'staff' ? 'state.staff' : subject === 'payment_config' ? 'pay' : 'state.product', stateWord(subject, String(v)))
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
    // What did not happen, did not change or was empty is not worth a word.
    if (HIDDEN.has(key) || v === false || (Array.isArray(v) && !v.length)) return []
    if (isChange(v) && JSON.stringify(v.from) === JSON.stringify(v.to)) return []
    return [{ label: tWord('audit.field', key), value: v === true ? '' : told(subject, key, v, names) }]
  })
}
