import { describe, expect, test } from 'vitest'
import { cartTotals, clampQuantity, isBuyable, type CartLike } from '@/lib/cart'

const line = (sku_id: string, change: Partial<CartLike> = {}): CartLike => ({
  sku_id,
  quantity: 1,
  price_minor: 1999,
  available: 10,
  valid: true,
  ...change,
})

describe('cart totals', () => {
  test('add the chosen lines, quantity times price, in whole fen', () => {
    const lines = [line('a', { quantity: 3 }), line('b', { price_minor: 1 }), line('c')]
    expect(cartTotals(lines, new Set(['a', 'b']))).toEqual({ pieces: 4, total_minor: 5998, all: false })
  })
  test('never count what cannot be bought, even when it was chosen before', () => {
    const lines = [line('a'), line('gone', { valid: false }), line('out', { available: 0 })]
    expect(cartTotals(lines, new Set(['a', 'gone', 'out']))).toEqual({ pieces: 1, total_minor: 1999, all: true })
  })
  test('an empty cart is not "all chosen"', () => {
    expect(cartTotals([], new Set()).all).toBe(false)
    expect(cartTotals([line('x', { valid: false })], new Set(['x'])).all).toBe(false)
  })
})

test('a quantity stays between one and what there is', () => {
  expect(clampQuantity(5, 3)).toBe(3)
  expect(clampQuantity(0, 3)).toBe(1)
  expect(clampQuantity(-4, 3)).toBe(1)
  expect(clampQuantity(2.9, 9)).toBe(2)
  expect(clampQuantity(Number.NaN, 9)).toBe(1)
  expect(clampQuantity(5000, 100000)).toBe(999)
})

test('a line is buyable when it is on sale and in stock', () => {
  expect(isBuyable(line('a'))).toBe(true)
  expect(isBuyable(line('a', { available: 0 }))).toBe(false)
  expect(isBuyable(line('a', { valid: false }))).toBe(false)
})
