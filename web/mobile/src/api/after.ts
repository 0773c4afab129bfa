// After-sale, as its buyer asks for it.
import { client } from './http'
import type { PageOf } from './types'

export type AfterKind = 'refund_only' | 'return' | 'exchange' | 'price_difference'
export interface OfferedLine {
  position: number
  product_id: string
  title: string
  spec_text: string
  image_url: string | null
  unit_price_minor: number
  quantity: number
  pieces_left: number
  unshipped: number
  goods_left_minor: number
  kinds: string[]
  case_number?: string | null
}
export interface Offered {
  order_id: string
  number: string
  state: string
  can_ask: boolean
  until?: string | null
  lines: OfferedLine[]
  reasons: { code: string; text: string; sellers_fault: boolean }[]
}
export interface Worth {
  goods_minor: number
  freight_minor: number
  usual_minor: number
  most_minor: number
  includes_freight: boolean
}
export interface AskedPieces {
  position: number
  quantity: number
}
export interface CaseLine {
  position: number
  product_id: string
  title: string
  spec_text: string
  image_url: string | null
  unit_price_minor: number
  quantity: number
}
export interface CaseCard {
  id: string
  number: string
  order_id: string
  order_number: string
  kind: string
  kind_text: string
  state: string
  state_text: string
  is_open: boolean
  amount_minor: number
  deadline_at?: string | null
  opened_at: string
  lines: CaseLine[]
  actions: string[]
}
export interface CaseParcel {
  courier: string
  courier_name: string
  tracking_no: string
}
export interface CaseDetail extends CaseCard {
  reason_text: string
  hint: string
  remark: string
  closed_at?: string | null
  return_to?: { name: string; phone: string; address: string } | null
  return_parcel?: CaseParcel | null
  replacement_parcel?: CaseParcel | null
  events: {
    at: string
    kind: string
    text: string
    actor_kind: string
    said: string
    pictures: { id: string; url: string; thumb_url: string }[]
  }[]
}

const get = <T>(path: string, query?: Record<string, unknown>, part?: Record<string, unknown>) =>
  client.call('GET', path, { query, path: part }) as Promise<T>
const post = <T>(path: string, body?: unknown, part?: Record<string, unknown>) =>
  client.call('POST', path, { body, path: part }) as Promise<T>
const step = (name: string) => (id: string, body?: unknown) => post<CaseDetail>(`/api/shop/after-sales/{case_id}/${name}`, body, { case_id: id })

export const afterApi = {
  offered: (order_id: string) => get<Offered>('/api/shop/orders/{order_id}/after-sale', {}, { order_id }),
  variants: (order_id: string, position: number) =>
    get<{ items: { sku_id: string; spec_text: string; image_url: string | null }[] }>('/api/shop/orders/{order_id}/after-sale/variants', { position }, { order_id }),
  worth: (ask: { order_id: string; kind: AfterKind; lines: AskedPieces[]; reason_code: string }) => post<Worth>('/api/shop/after-sales/worth', ask),
  ask: (ask: {
    id: string
    order_id: string
    kind: AfterKind
    lines: AskedPieces[]
    reason_code: string
    amount_minor?: number
    remark: string
    media_ids: string[]
    replacement_sku_id?: string
  }) => post<CaseDetail>('/api/shop/after-sales', ask),
  list: (query: { state: string; order_id?: string; cursor?: string }) => get<PageOf<CaseCard>>('/api/shop/after-sales', query),
  counts: () => get<{ open: number; all: number }>('/api/shop/after-sales/counts'),
  one: (case_id: string) => get<CaseDetail>('/api/shop/after-sales/{case_id}', {}, { case_id }),
  withdraw: step('withdraw'),
  confirm: step('confirm'),
  sendBack: step('send-back'),
  appeal: step('appeal'),
  say: step('messages'),
}
