// The transport: uni.request under the shared client, with the headers every call carries.
import { createClient, uuid7, type Reply, type Transport } from '@weike/client'
import { learnServerTime } from '@/lib/time'
import { recall, remember } from '@/platform/storage'
import { prefs } from '@/state/prefs'

const BASE = import.meta.env.VITE_API_BASE ?? ''

/** What the calls carry; told by the stores that own it. */
export const carried = { token: '', shop: '', visitor: '' }

/** Which device this is, for counting visits once: random, ours, and gone with the storage. */
export function visitorId(): string {
  if (!carried.visitor) {
    carried.visitor = recall<string>('visitor') ?? uuid7()
    remember('visitor', carried.visitor)
  }
  return carried.visitor
}

/** The landing page gave this device its name already. */
export function beVisitor(id: string): void {
  carried.visitor = id
  remember('visitor', id)
}

const lowered = (header: Record<string, string> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(header).map(([name, value]) => [name.toLowerCase(), String(value)]))

/** What every call carries. */
export function callHeaders(): Record<string, string> {
  const headers: Record<string, string> = { 'accept-language': prefs.language, 'x-visitor': visitorId() }
  if (carried.shop) headers['x-shop'] = carried.shop
  if (carried.token) headers.authorization = `Bearer ${carried.token}`
  return headers
}

const send: Transport = (call) =>
  new Promise<Reply>((resolve) => {
    const header: Record<string, string> = { ...call.headers, ...callHeaders() }
    if (call.body !== undefined) header['content-type'] = 'application/json'
    uni.request({
      url: BASE + call.url,
      method: call.method as 'GET',
      data: call.body as Record<string, unknown>,
      header,
      timeout: 15000,
      success: (reply) => {
        const headers = lowered(reply.header as Record<string, string>)
        learnServerTime(headers.date)
        resolve({ status: reply.statusCode, data: reply.data, headers })
      },
      fail: () => resolve({ status: 0, data: null }),
    })
  })

export const client = createClient(send)

/** An address of ours as the device needs it: a mini-program has no "same origin". */
export const mediaUrl = (path: string): string => (/^(https?:|data:|blob:)/.test(path) ? path : BASE + path)
