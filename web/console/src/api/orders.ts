import type { QueryOf, Schemas } from '@weike/client'
import { api, type ListQuery } from './http'

export type OrderRow = Schemas['ShopOrderRow']
export type OrderLine = Schemas['AllocatedLine']
export type OrderDetail = Schemas['ShopOrder']
export type OrderCounts = Schemas['ShopOrderCounts']

export const listOrders = (query: ListQuery) => api.get('/api/console/orders', { query: query as QueryOf<'/api/console/orders'> })
export const countOrders = () => api.get('/api/console/orders/counts')
export const readOrder = (order_id: string) => api.get('/api/console/orders/{order_id}', { path: { order_id } })
export const orderCommissions = (order_id: string) => api.get('/api/console/orders/{order_id}/commissions', { path: { order_id } })
export const shipOrder = (order_id: string, body: Schemas['ShipAsked']) => api.post('/api/console/orders/{order_id}/ship', { path: { order_id }, body })
export const refundOrder = (order_id: string, body: Schemas['RefundAsked']) => api.post('/api/console/orders/{order_id}/refund', { path: { order_id }, body })
export const cancelOrder = (order_id: string, reason: string) => api.post('/api/console/orders/{order_id}/cancel', { path: { order_id }, body: { reason } })
export const listCouriers = () => api.get('/api/console/couriers')
