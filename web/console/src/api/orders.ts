import type { Page } from '@/lib/use-list'
import { api } from './http'
import type { Commission } from './distribution'
import type { Transfer } from './shop'

export interface OrderRow {
  id: string; number: string; state: string; refund_state: string
  member: { id: string; nickname: string; phone_tail?: string | null }
  placed_at: string; paid_at?: string | null; payable_minor: number; promoter_nickname?: string | null
  lines_count: number; first_image_url?: string | null; first_title: string
}
export interface OrderLine {
  position: number; product_id: string; sku_id: string; title: string; spec_text: string; image_url?: string | null; quantity: number
  unit_price_minor: number; list_minor: number; activity_minor: number; member_minor: number; full_reduction_minor: number
  coupon_platform_minor: number; coupon_store_minor: number; points_minor: number; freight_share_minor: number; paid_minor: number
  refunded_minor: number; refunded_quantity: number
}
export interface OrderDetail extends OrderRow {
  goods_minor: number; freight_minor: number; discount_minor: number; refunded_minor: number; remark?: string | null; cancel_reason?: string | null
  expires_at?: string | null; shipped_at?: string | null; received_at?: string | null; settle_at?: string | null; auto_receive_at?: string | null
  address?: { name: string; phone: string; province: string; city: string; district: string; street: string } | null
  lines: OrderLine[]
  timeline: { at: string; kind: string; text: string; actor_kind: string; actor_name?: string | null; reason?: string | null }[]
  parcels: { courier: string; courier_name: string; tracking_no: string; shipped_at: string }[]
  attribution?: { promoter_id?: string | null; promoter_nickname?: string | null; share_id?: string | null; source: string; reasons: string[] } | null
  transfers: Transfer[]
  payments: { id: string; state: string; amount_minor: number; out_trade_no?: string | null; transaction_id?: string | null; paid_at?: string | null }[]
  refunds: { id: string; state: string; amount_minor: number; reason?: string | null; at?: string | null }[]
  actions?: string[]
}
export type OrderCounts = Record<string, number>

export const listOrders = (query: Record<string, unknown>) => api.call('GET', '/api/console/orders', { query }) as Promise<Page<OrderRow>>
export const countOrders = () => api.call('GET', '/api/console/orders/counts') as Promise<OrderCounts>
export const readOrder = (id: string) => api.call('GET', '/api/console/orders/{id}', { path: { id } }) as Promise<OrderDetail>
export const orderCommissions = (id: string) => api.call('GET', '/api/console/orders/{id}/commissions', { path: { id } }) as Promise<{ items: Commission[] }>
export const shipOrder = (order: string, body: { id: string; courier: string; tracking_no: string }) => api.call('POST', '/api/console/orders/{order}/ship', { path: { order }, body })
export const refundOrder = (order: string, body: { id: string; reason: string }) => api.call('POST', '/api/console/orders/{order}/refund', { path: { order }, body })
export const cancelOrder = (order: string, reason: string) => api.call('POST', '/api/console/orders/{order}/cancel', { path: { order }, body: { reason } })
