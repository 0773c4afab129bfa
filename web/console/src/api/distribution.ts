import type { Page } from '@/lib/use-list'
import { api } from './http'

export interface PromoterRow { member_id: string; nickname: string; avatar_url?: string | null; state: string; joined_at: string; shares: number; customers: number; orders: number; sales_minor: number; commission_minor: number }
export interface SharedThing { code: string; kind: string; product_id?: string | null; product_title?: string | null; image_url?: string | null; channel: string; created_at: string; visitors: number; orders: number; paid_minor: number }
export interface Customer { nickname: string; avatar_url?: string | null; since: string; protected_until?: string | null; expires_at?: string | null; orders: number; source: string }
export interface PromoterDetail {
  member_id: string; nickname: string; avatar_url?: string | null; state: string; state_reason?: string | null; state_at?: string | null; joined_at: string; agreement_version: string
  totals: { estimated_minor: number; pending_minor: number; available_minor: number; paid_minor: number }
  shares: SharedThing[]
  customers: Customer[]
  commissions: Commission[]
}
export interface Commission {
  commission_id: string; order_id: string; order_number: string; at: string; state: string; product_title: string
  base_minor: number; rate_bp: number; amount_minor: number; reversed_minor: number; hold_until?: string | null; formula: string
  buyer_nickname: string; promoter_nickname: string; promoter_id?: string
}
export interface ProgrammeRules { rate_bp: number; cap_bp: number; hold_days: number; click_window_days: number; protect_days: number; validity_days: number }
export interface Programme extends ProgrammeRules { version: number; effective_at?: string | null }

export const listPromoters = (query: Record<string, unknown>) => api.call('GET', '/api/console/promoters', { query }) as Promise<Page<PromoterRow>>
export const readPromoter = (id: string) => api.call('GET', '/api/console/promoters/{id}', { path: { id } }) as Promise<PromoterDetail>
export const suspendPromoter = (id: string, reason: string) => api.call('POST', '/api/console/promoters/{id}/suspend', { path: { id }, body: { reason } })
export const resumePromoter = (id: string, reason: string) => api.call('POST', '/api/console/promoters/{id}/resume', { path: { id }, body: { reason } })
export const listCommissions = (query: Record<string, unknown>) => api.call('GET', '/api/console/commissions', { query }) as Promise<Page<Commission>>
export const commissionSummary = () => api.call('GET', '/api/console/commissions/summary') as Promise<{ by_state: { state: string; count: number; amount_minor: number }[] }>
export const readProgramme = () => api.call('GET', '/api/console/programme') as Promise<Programme>
export const saveProgramme = (body: ProgrammeRules) => api.call('PUT', '/api/console/programme', { body }) as Promise<Programme>
