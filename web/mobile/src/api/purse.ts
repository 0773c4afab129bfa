// The calls about ways to pay and the balance.
import { client } from './http'
import type { PageOf, PayMethod, PayPlace, PayStart, PayWay } from './types'

const get = <T>(path: string, query?: Record<string, unknown>, part?: Record<string, unknown>) =>
  client.call('GET', path, { query, path: part }) as Promise<T>
const send = <T>(method: 'POST' | 'PUT', path: string, body?: unknown) => client.call(method, path, { body }) as Promise<T>

export interface Purse {
  is_on: boolean
  balance_minor: number
  leaving_minor: number
  limit_minor: number
  room_minor: number
  named_limit_minor: number
  is_named: boolean
  /** Masked. */
  holder: string | null
  rests_at: string | null
  is_resting: boolean
  choices_minor: number[]
  issuer: string
  filing: string
  terms: string
}
export interface PurseLine {
  id: string
  kind: string
  source_type: string
  source_id: string
  amount_minor: number
  at: string
}
export interface TopUp {
  id: string
  state: 'open' | 'paid' | 'closed'
  amount_minor: number
}

export const purseApi = {
  ways: (query: { place: PayPlace; amount_minor: number; purpose: 'order' | 'top_up' }) =>
    get<{ items: PayWay[] }>('/api/shop/pay-ways', query),
  mine: () => get<Purse>('/api/shop/balance'),
  lines: (cursor?: string) => get<PageOf<PurseLine>>('/api/shop/balance/lines', { cursor }),
  topUp: (ask: { id: string; amount_minor: number; method: PayMethod }) => send<PayStart>('POST', '/api/shop/balance/top-ups', ask),
  topUpOf: (id: string) => get<TopUp>('/api/shop/balance/top-ups/{id}', {}, { id }),
  takeBack: (ask: { id: string; amount_minor: number }) => send<Purse>('POST', '/api/shop/balance/take-back', ask),
  wake: () => send<void>('POST', '/api/shop/balance/wake'),
  nameHolder: (holder: { name: string; id_number: string }) => send<void>('PUT', '/api/shop/balance/holder', holder),
}
