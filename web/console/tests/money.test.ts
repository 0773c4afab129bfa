import { describe, expect, it } from 'vitest'
import { formatMoney, formatRate, moneyParts, parseYuan, shortNumber, yuanText } from '@/lib/money'

describe('money', () => {
  it('writes fen as yuan with two digits and thousands', () => {
    expect(formatMoney(0)).toBe('¥0.00')
    expect(formatMoney(5)).toBe('¥0.05')
    expect(formatMoney(123456789)).toBe('¥1,234,567.89')
    expect(formatMoney(-1999)).toBe('−¥19.99')
    expect(formatMoney(100, 'JPY')).toBe('JPY 1.00')
  })
  it('splits an amount into the parts that are set in different sizes', () => {
    expect(moneyParts(1290)).toEqual({ sign: '', symbol: '¥', yuan: '12', cents: '90' })
  })
  it('reads what people type without passing through a float', () => {
    expect(parseYuan('19.99')).toBe(1999)
    expect(parseYuan('0.1')).toBe(10)
    expect(parseYuan(' ￥1,234.5 ')).toBe(123450)
    expect(parseYuan('8.')).toBe(800)
    expect(parseYuan('4503599627.37')).toBe(450359962737)
  })
  it('refuses what is not an amount', () => {
    for (const text of ['', '九十八', '1.234', '1e3', '--1', '1 2']) expect(parseYuan(text)).toBeNull()
  })
  it('comes back the same after being shown for editing', () => {
    for (const fen of [0, 1, 10, 99, 100, 12345, 99999999]) expect(parseYuan(yuanText(fen))).toBe(fen)
  })
  it('shortens large numbers the way each language counts', () => {
    expect(shortNumber(13_000, 'zh-CN')).toBe('1.3万')
    expect(shortNumber(250_000_000, 'zh-CN')).toBe('2.5亿')
    expect(shortNumber(13_000, 'en')).toBe('13K')
    expect(shortNumber(2_500_000, 'en')).toBe('2.5M')
  })
  it('writes basis points as percent', () => {
    expect(formatRate(1000)).toBe('10%')
    expect(formatRate(1256)).toBe('12.56%')
    expect(formatRate(29)).toBe('0.29%')
  })
})
