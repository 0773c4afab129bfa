// Who brought the reader here: the last share that was opened, kept for as long as it may count.
import { ApiError, uuid7 } from '@weike/client'
import { promoterApi } from '@/api/promoter'
import { carried, visitorId } from '@/api/http'
import type { Share, ShareChannel, Touched } from '@/api/types'
import { recall, remember } from '@/platform/storage'

interface Opened {
  code: string
  at: number
}
/** The server decides what counts; this only keeps a very old code from being sent for ever. */
const KEEP_MS = 30 * 86400_000

const key = () => `share.${carried.shop}`

export function shareCode(now: number = Date.now()): string | undefined {
  const opened = recall<Opened>(key())
  return opened && now - opened.at < KEEP_MS ? opened.code : undefined
}

/** The share that was opened last since the start; the same one again is the same visit. */
let last = ''

/** Records that a share was opened. Where the landing page did, it did not know who: a reader who is signed in says so. A share that cannot be recorded never keeps anybody from the goods. */
export async function openShare(code: string, counted = false): Promise<Touched | null> {
  if (code === last) return null
  last = code
  remember(key(), { code, at: Date.now() } satisfies Opened)
  if (!counted) return tellTouch(code, 'open')
  if (carried.token) await tellTouch(code, 'sign_in')
  return null
}

export async function tellTouch(code: string, event: 'open' | 'sign_in'): Promise<Touched | null> {
  try {
    return await promoterApi.touch({ id: uuid7(), code, visitor_id: visitorId(), event })
  } catch {
    return null
  }
}

/** A share of a product, or of the shop. It says through whose share the sharer came, unless that share is no longer known. */
export async function makeShare(productId: string, channel: ShareChannel, id: string): Promise<Share> {
  const ask = {
    id,
    kind: productId ? ('product' as const) : ('shop' as const),
    channel,
    ...(productId ? { product_id: productId } : {}),
  }
  const parent = shareCode()
  if (!parent) return promoterApi.share(ask)
  try {
    return await promoterApi.share({ ...ask, parent_code: parent })
  } catch (error) {
    if (error instanceof ApiError && error.problem.field === 'parent_code') return promoterApi.share(ask)
    throw error
  }
}
