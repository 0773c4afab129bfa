// Parcels and their journeys, pick-up, card keys, shipping by a sheet.
import type { Schemas } from '@weike/client'
import { api, download, upload } from './http'

export type ShopParcels = Schemas['ShopParcels']
export type ShopParcel = Schemas['ShopParcel']
export type PickupPoint = Schemas['PickupPoint']
export type HandOver = Schemas['HandOverView']
export type SkuKeys = Schemas['SkuKeys']
export type SheetShipped = Schemas['SheetShipped']
export type PickingList = Schemas['PickingList']

export const orderParcels = (order_id: string) => api.get('/api/console/orders/{order_id}/parcels', { path: { order_id } })
export const correctParcel = (order_id: string, parcel_id: string, body: Schemas['CorrectAsked']) => api.put('/api/console/orders/{order_id}/parcels/{parcel_id}', { path: { order_id, parcel_id }, body })
export const queryParcel = (order_id: string, parcel_id: string) => api.post('/api/console/orders/{order_id}/parcels/{parcel_id}/query', { path: { order_id, parcel_id } })
export const makeReady = (order_id: string) => api.post('/api/console/orders/{order_id}/ready', { path: { order_id } })

export const listPoints = () => api.get('/api/console/pickup-points')
export const savePoint = (point_id: string, body: Schemas['PickupPointAsked']) => api.put('/api/console/pickup-points/{point_id}', { path: { point_id }, body })
export const readCode = (code: string) => api.post('/api/console/pickup/read', { body: { code } })
export const writeOff = (code: string) => api.post('/api/console/pickup/write-off', { body: { code } })

export const productKeys = (product_id: string) => api.get('/api/console/products/{product_id}/keys', { path: { product_id } })
export const uploadKeys = (sku_id: string, body: Schemas['KeysAsked']) => api.post('/api/console/skus/{sku_id}/keys', { path: { sku_id }, body })
export const withdrawKeys = (sku_id: string, batch_id: string) => api.post('/api/console/skus/{sku_id}/keys/{batch_id}/withdraw', { path: { sku_id, batch_id } })

export const trackingSettings = () => api.get('/api/console/tracking')
export const saveTracking = (body: Schemas['TrackingAsked']) => api.put('/api/console/tracking', { body })
export const pushSettings = () => api.get('/api/console/wechat-messages')

export const pickingList = (order_ids: string[]) => api.post('/api/console/orders/picking-list', { body: { order_ids } })
export const shipTemplate = () => download('/api/console/orders/ship-template?format=xlsx', 'to-ship.xlsx')
export const shipSheet = (file: File, dry: boolean, onProgress?: (share: number) => void) => upload<SheetShipped>(`/api/console/orders/ship-sheet?dry_run=${dry}`, file, file.name, onProgress)
export const exportOrders = (query: string, form: 'csv' | 'xlsx') => download(`/api/console/orders/export?${query}&format=${form}`, `orders-${new Date().toISOString().slice(0, 10)}.${form}`)
