// Overview, guide, shop and payment settings, ledger, system.
import type { QueryOf, Schemas } from '@weike/client'
import { api, type ListQuery } from './http'

export type Dashboard = Schemas['Dashboard']
export type GraphData = Schemas['Graph']
export type Account = Schemas['AccountView']
export type Transfer = Schemas['TransferView']
export type OutboxRow = Schemas['OutboxRow']

export const readDashboard = (days: number) => api.get('/api/console/dashboard', { query: { days: days as 7 | 14 | 30 } })
export const readGuide = () => api.get('/api/console/guide')
export const readShop = () => api.get('/api/console/shop')
export const saveShop = (body: Schemas['ShopInput']) => api.put('/api/console/shop', { body })
export const readBanners = () => api.get('/api/console/banners')
export const saveBanners = (body: Schemas['Banners']) => api.put('/api/console/banners', { body })

export const readWechat = () => api.get('/api/console/payment/wechat')
export const saveWechat = (body: Schemas['WeChatSettingsAsked']) => api.put('/api/console/payment/wechat', { body })
export const testWechat = () => api.post('/api/console/payment/wechat/test')
export const readWechatApps = () => api.get('/api/console/wechat-sign-in')
export const saveWechatApps = (body: Schemas['WeChatAppsInput']) => api.put('/api/console/wechat-sign-in', { body })

export const listAccounts = () => api.get('/api/console/ledger/accounts')
export const listTransfers = (query: ListQuery) => api.get('/api/console/ledger/transfers', { query: query as QueryOf<'/api/console/ledger/transfers'> })
export const readReconciliation = () => api.get('/api/console/ledger/reconciliation')

export const listOutbox = (query: ListQuery) => api.get('/api/console/system/outbox', { query: query as QueryOf<'/api/console/system/outbox'> })
export const retryOutbox = (outbox_id: string) => api.post('/api/console/system/outbox/{outbox_id}/retry', { path: { outbox_id } })
export const readHealth = () => api.get('/api/console/system/health')
