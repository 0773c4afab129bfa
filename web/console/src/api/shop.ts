// Overview, guide, shop and payment settings, ledger, system.
import type { Page } from '@/lib/use-list'
import { api } from './http'

export interface Figure { key: string; value: number; previous: number | null }
export interface GraphData { nodes: { id: string; name: string; kind: 'shop' | 'promoter' | 'buyer'; size: number }[]; links: { source: string; target: string }[] }
export interface Dashboard {
  figures: Figure[]
  trend: { day: string; paid_minor: number; orders: number; visitors: number }[]
  channels: { channel: string; title: string; paid_minor: number; orders: number }[]
  todos: { key: string; count: number }[]
  graph: GraphData
}
export interface ShopSettings {
  name: string; slug: string; intro: string; contact_phone: string; licence_name: string; licence_no: string
  logo_media_id?: string | null; logo_url?: string | null
  after_sale_days: number; order_expire_minutes: number; auto_receive_days: number
  freight_fee_minor: number; freight_free_from_minor: number; currency?: string; time_zone?: string
}
export interface WechatSettings {
  is_set_up: boolean; base_url: string; notify_url?: string | null; state?: string | null
  mch_id?: string | null; app_id_mini?: string | null; app_id_official?: string | null; merchant_serial?: string | null
  has_private_key: boolean; has_apiv3_key: boolean; verifiers: { id: string; pem: string }[]
}
export interface Account { account: string; title: string; owner_id?: string | null; balance_minor: number; normal_side: string }
export interface Entry { account: string; title: string; owner_id?: string | null; amount_minor: number }
export interface Transfer { id: string; at: string; kind: string; title: string; source_type?: string; source_id?: string; entries: Entry[] }
export interface Reconciliation { ok: boolean; checked_at: string; checks: { key: string; title: string; ok: boolean; expected: number | string; found: number | string }[] }
export interface OutboxRow { id: string; at: string; topic: string; subscriber: string; state: string; attempts: number; next_at?: string | null; last_error?: string | null }

export const readDashboard = (days: number) => api.call('GET', '/api/console/dashboard', { query: { days } }) as Promise<Dashboard>
export const readGuide = () => api.call('GET', '/api/console/guide') as Promise<{ steps: { key: string; done: boolean }[] }>
export const readShop = () => api.call('GET', '/api/console/shop') as Promise<ShopSettings>
export const saveShop = (body: Omit<ShopSettings, 'slug' | 'logo_url' | 'currency' | 'time_zone'>) => api.call('PUT', '/api/console/shop', { body }) as Promise<ShopSettings>
export const readWechat = () => api.call('GET', '/api/console/payment/wechat') as Promise<WechatSettings>
export const saveWechat = (body: Record<string, unknown>) => api.call('PUT', '/api/console/payment/wechat', { body }) as Promise<WechatSettings>
export const testWechat = () => api.call('POST', '/api/console/payment/wechat/test') as Promise<{ ok: boolean; code: string; message: string }>

export const listAccounts = () => api.call('GET', '/api/console/ledger/accounts') as Promise<{ items: Account[] }>
export const listTransfers = (query: Record<string, unknown>) => api.call('GET', '/api/console/ledger/transfers', { query }) as Promise<Page<Transfer>>
export const readReconciliation = () => api.call('GET', '/api/console/ledger/reconciliation') as Promise<Reconciliation>

export const listOutbox = (query: Record<string, unknown>) => api.call('GET', '/api/console/system/outbox', { query }) as Promise<Page<OutboxRow>>
export const retryOutbox = (id: string) => api.call('POST', '/api/console/system/outbox/{id}/retry', { path: { id } })
export const readHealth = () => api.call('GET', '/api/console/system/health') as Promise<Record<string, unknown>>
