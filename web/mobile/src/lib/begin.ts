// The start of the app, in order: the shop, the reader, the share that brought her.
import { beVisitor, carried } from '@/api/http'
import { shopApi } from '@/api/shop'
import { go } from '@/lib/go'
import { cleanAddress, readEntry } from '@/platform/entry'
import { recall } from '@/platform/storage'
import { refreshCart } from '@/state/cart'
import { beginSession, chooseShop, loadMe } from '@/state/session'
import { openShare } from '@/state/share'

export async function begin(launch: { path?: string; query?: Record<string, string> }): Promise<void> {
  const entry = readEntry(launch)
  chooseShop(entry.shop ?? recall<string>('shop') ?? import.meta.env.VITE_SHOP ?? '')
  if (entry.share || entry.weChat) cleanAddress()
  if (entry.visitor) beVisitor(entry.visitor)
  const opened = entry.share ? openShare(entry.share, !!entry.visitor) : null

  try {
    if (entry.weChat && !carried.token) {
      await beginSession(await shopApi.signInByWeChat(entry.weChat.code, entry.weChat.state))
    } else await loadMe()
    await refreshCart()
  } catch {
    // The page that needs the reader asks again and says what is wrong.
  }

  const touched = await opened
  if (touched?.product_id && !entry.atProduct) go('product', { id: touched.product_id })
}

/** The app comes to the front: through another share, perhaps. */
export function comeBack(launch: { path?: string; query?: Record<string, string> } = {}): void {
  const { share, visitor } = readEntry(launch)
  if (share && carried.shop) void openShare(share, !!visitor)
}
