// Money arrives as a whole number of fen; it becomes text here and nowhere else.

export interface MoneyParts {
  sign: string
  symbol: string
  yuan: string
  cents: string
}

const SYMBOLS: Record<string, string> = { CNY: '¥', USD: '$', EUR: '€', GBP: '£', HKD: 'HK$' }

/** Points are whole: they are shown without a sign of money and without cents. */
export const POINTS = 'PTS'

export function moneyParts(minor: number, currency = 'CNY'): MoneyParts {
  const whole = Math.abs(Math.trunc(minor))
  if (currency === POINTS) return { sign: minor < 0 ? '−' : '', symbol: '', yuan: String(whole).replace(/\B(?=(\d{3})+$)/g, ','), cents: '' }
  const yuan = Math.floor(whole / 100)
  return {
    sign: minor < 0 ? '−' : '',
    symbol: SYMBOLS[currency] ?? `${currency} `,
    yuan: String(yuan).replace(/\B(?=(\d{3})+$)/g, ','),
    cents: String(whole % 100).padStart(2, '0'),
  }
}

export function formatMoney(minor: number, currency = 'CNY'): string {
  const p = moneyParts(minor, currency)
  return `${p.sign}${p.symbol}${p.yuan}${p.cents && `.${p.cents}`}`
}

/** For chart axes: ¥1.2万 / ¥12K. */
export function shortMoney(minor: number, locale: string): string {
  return `¥${shortNumber(minor / 100, locale)}`
}

export function shortNumber(value: number, locale: string): string {
  const trim = (n: number) => String(Math.round(n * 10) / 10)
  if (locale === 'zh-CN') {
    if (Math.abs(value) >= 1e8) return `${trim(value / 1e8)}亿`
    if (Math.abs(value) >= 1e4) return `${trim(value / 1e4)}万`
    return trim(value)
  }
  if (Math.abs(value) >= 1e6) return `${trim(value / 1e6)}M`
  if (Math.abs(value) >= 1e3) return `${trim(value / 1e3)}K`
  return trim(value)
}

export const formatCount = (value: number): string => Math.trunc(value).toLocaleString('en-US')

/** What a person typed in yuan → fen, or null if it is not an amount. Works on digits, never on floats. */
export function parseYuan(text: string): number | null {
  const m = /^\s*(-?)(\d{1,12})(?:\.(\d{0,2}))?\s*$/.exec(text.replace(/[,，¥￥]/g, ''))
  if (!m) return null
  const minor = Number(m[2]) * 100 + Number((m[3] ?? '').padEnd(2, '0'))
  return m[1] ? -minor : minor
}

export const yuanText = (minor: number): string => `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`

/** Basis points → percent without a rounding surprise: 1250 → "12.5%". */
export const formatRate = (bp: number): string => `${String(Math.round(bp) / 100)}%`
