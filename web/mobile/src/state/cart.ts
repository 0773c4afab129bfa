// How many pieces the cart holds, for the badge on the tab.
import { ref } from 'vue'
import { shopApi } from '@/api/shop'
import type { Cart } from '@/api/types'
import { session } from './session'

export const cartCount = ref(0)

export function learnCart(cart: Cart): Cart {
  cartCount.value = cart.lines.filter((line) => line.is_valid).reduce((sum, line) => sum + line.quantity, 0)
  return cart
}

export async function refreshCart(): Promise<Cart | null> {
  if (!session.token) {
    cartCount.value = 0
    return null
  }
  return learnCart(await shopApi.cart())
}

/** Adds to what is there already; returns the number in the cart after it. */
export async function addToCart(skuId: string, quantity: number, most: number): Promise<void> {
  const cart = await shopApi.cart()
  const have = cart.lines.find((line) => line.sku_id === skuId)?.quantity ?? 0
  await shopApi.putInCart(skuId, Math.min(most, have + quantity))
  await refreshCart()
}
