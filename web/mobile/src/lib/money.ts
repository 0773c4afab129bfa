// Money is a whole number of minor units (fen). Nothing here divides before it must be shown.

export interface PriceParts {
  sign: string
  whole: string
  cents: string
}

const grouped = (whole: number) => String(whole).replace(/\B(?=(\d{3})+$)/g, ',')

/**
 * 2990 → { sign: '', whole: '29', cents: '.9' }: the three sizes a price is set in. A sum is `full`: '.90'.
 * English writes '.90' in prices too; both leave a whole price whole.
 */
export function priceParts(minor: number, full = false, language = 'zh-CN'): PriceParts {
  const amount = Math.abs(minor)
  const rest = amount % 100
  const twoPlaces = '.' + String(rest).padStart(2, '0')
  const short = rest ? (language === 'en' ? twoPlaces : twoPlaces.replace(/0$/, '')) : ''
  const cents = full ? twoPlaces : short
  return { sign: minor < 0 ? '-' : '', whole: grouped(Math.floor(amount / 100)), cents }
}

/** 2990 → '¥29.9', 19800 → '¥198': a price in a running line, as x-price sets it. */
export function price(minor: number, language: string): string {
  const { sign, whole, cents } = priceParts(minor, false, language)
  return `${sign}¥${whole}${cents}`
}

/** 2990 → '29.90', always with two places: for sums, where columns must line up. */
export function amount(minor: number): string {
  const absolute = Math.abs(minor)
  return `${minor < 0 ? '-' : ''}${grouped(Math.floor(absolute / 100))}.${String(absolute % 100).padStart(2, '0')}`
}

/** 2990 → '¥29.90', -500 → '-¥5.00'. */
export function yuan(minor: number): string {
  return minor < 0 ? `-¥${amount(-minor)}` : `¥${amount(minor)}`
}

/** 12873 → '1.3万' in Chinese, '12.9k' in English. */
export function shortCount(count: number, language: string): string {
  if (language === 'zh-CN') {
    return count < 10000 ? String(count) : `${(count / 10000).toFixed(1).replace(/\.0$/, '')}万`
  }
  return count < 1000 ? String(count) : `${(count / 1000).toFixed(1).replace(/\.0$/, '')}k`
}

/** 1250 basis points → '12.5%'. */
export function percent(basisPoints: number): string {
  return `${String(basisPoints / 100)}%`
}
