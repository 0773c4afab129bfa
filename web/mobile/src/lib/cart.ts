// What the cart page adds up before the server has the last word.

export interface CartLike {
  sku_id: string
  quantity: number
  price_minor: number
  /** Pieces left; 0 when sold out. */
  available: number
  /** False when the product is off sale or the SKU is gone. */
  valid: boolean
}

export const isBuyable = (line: CartLike): boolean => line.valid && line.available > 0

/** Never more than there is, never less than one. */
export function clampQuantity(wanted: number, available: number, limit = 999): number {
  const most = Math.max(1, Math.min(available, limit))
  return Math.min(most, Math.max(1, Math.floor(wanted) || 1))
}

export interface CartTotals {
  pieces: number
  total_minor: number
  all: boolean
}

/** Totals of the chosen lines; what cannot be bought is never counted, whatever was chosen before. */
export function cartTotals(lines: readonly CartLike[], chosen: ReadonlySet<string>): CartTotals {
  const buyable = lines.filter(isBuyable)
  const taken = buyable.filter((line) => chosen.has(line.sku_id))
  return {
    pieces: taken.reduce((sum, line) => sum + line.quantity, 0),
    total_minor: taken.reduce((sum, line) => sum + line.quantity * line.price_minor, 0),
    all: buyable.length > 0 && taken.length === buyable.length,
  }
}
