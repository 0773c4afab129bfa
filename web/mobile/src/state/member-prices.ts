// What goods cost the signed-in member. Pages of goods are the same for everybody, so the member's own
// prices are asked beside them: all that come into view within a moment in one call.
import { reactive } from 'vue'
import { clubApi } from '@/api/club'
import { session } from './session'

interface Known {
  min: number
  skus: Record<string, number>
}
const known = reactive<Record<string, Known>>({})
const asked = new Set<string>()
let owner = ''
let waiting: string[] = []
let timer: ReturnType<typeof setTimeout> | undefined
let quietUntil = 0

const MOMENT = 60
const STALE = 60_000
const AT_ONCE = 50

function forgetOthers(): void {
  if (owner === session.token) return
  owner = session.token
  forgetMemberPrices()
}

/** After an order settled or the price may have changed: ask again. */
export function forgetMemberPrices(): void {
  asked.clear()
  quietUntil = 0
  for (const id of Object.keys(known)) delete known[id]
}

async function ask(): Promise<void> {
  const ids = waiting.splice(0, AT_ONCE)
  const token = session.token
  if (waiting.length) timer = setTimeout(ask, MOMENT)
  else timer = undefined
  try {
    const answer = await clubApi.prices(ids)
    if (token !== session.token) return
    // Somebody without a level with prices need not be asked about for a while.
    if (!answer.level_name) quietUntil = Date.now() + STALE
    for (const item of answer.items) {
      known[item.product_id] = {
        min: item.min_minor,
        skus: Object.fromEntries(item.skus.map((sku) => [sku.sku_id, sku.member_price_minor])),
      }
    }
  } catch {
    // The list price stands there; the checkout knows better.
    for (const id of ids) asked.delete(id)
  }
}

/** Asks for a product's member price, once; `memberPrice` has it when it is known. */
export function wantMemberPrice(id: string): void {
  forgetOthers()
  if (!session.token || !id || asked.has(id) || Date.now() < quietUntil) return
  asked.add(id)
  waiting.push(id)
  timer ??= setTimeout(ask, MOMENT)
}

export const memberPrice = (id: string): Known | undefined => (owner === session.token ? known[id] : undefined)
