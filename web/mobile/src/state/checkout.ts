// What is about to be bought, and where to; survives a reload of the page.
import { ref } from 'vue'
import type { Address, Ask } from '@/api/types'
import { recall, remember } from '@/platform/storage'

export const pickedAddress = ref<Address | null>(null)

export function toCheckout(lines: Ask[]): void {
  remember('checkout', lines)
}

export const checkoutLines = (): Ask[] => recall<Ask[]>('checkout') ?? []
