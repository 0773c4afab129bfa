// Sign-in, staff, roles, audit, members.
import type { Page } from '@/lib/use-list'
import { api } from './http'

export interface Shop { tenant_id: string; slug: string; name: string; currency: string; time_zone: string; logo_url?: string | null }
export interface Me { staff_id: string; name: string; login: string; roles: string[]; permissions: string[]; shop: Shop }
export interface Staff { id: string; name: string; login: string; state: string; roles: string[]; last_seen_at?: string | null }
export interface Role { key: string; name: string; permissions: string[] }
export interface AuditRecord { id: string; at: string; actor_kind?: string; actor_name: string | null; action: string; subject_type: string; subject_id: string; detail: Record<string, unknown> }
export interface AuditProof { ok: boolean; records: number; broken_at?: number | null }
export interface MemberRow { id: string; nickname: string; avatar_url?: string | null; phone_tail?: string | null; created_at: string; orders_count: number; paid_minor: number; promoter_nickname?: string | null; is_promoter: boolean }
export interface MemberDetail extends MemberRow {
  profiling_allowed?: boolean
  state?: string
  addresses: { id: string; name: string; phone: string; province: string; city: string; district: string; street: string; is_default: boolean }[]
  relations: { promoter_nickname: string; since: string; until?: string | null; source?: string | null; ended_reason?: string | null }[]
  orders: { id: string; number: string; state: string; placed_at: string; payable_minor: number }[]
}
export interface SignedIn { token: string; staff_id: string; shop_slug: string }

export const signIn = (body: { login: string; password: string }) => api.call('POST', '/api/console/sign-in', { body }) as Promise<SignedIn>
export const signUp = (body: { id: string; shop_name: string; slug: string; owner_name: string; login: string; password: string }) => api.call('POST', '/api/console/sign-up', { body }) as Promise<SignedIn>
export const signOut = () => api.call('POST', '/api/console/sign-out')
export const readMe = () => api.call('GET', '/api/console/me') as Promise<Me>

export const changePassword = (body: { current: string; password: string }) => api.call('POST', '/api/console/me/password', { body })

export const listStaff = () => api.call('GET', '/api/console/staff') as Promise<{ items: Staff[] }>
export const addStaff = (body: { id: string; name: string; login: string; password: string; roles: string[] }) => api.call('POST', '/api/console/staff', { body })
export const changeStaff = (id: string, body: { name: string; roles: string[]; state: string }) => api.call('PUT', '/api/console/staff/{id}', { path: { id }, body })
export const endSessions = (id: string) => api.call('POST', '/api/console/staff/{id}/end-sessions', { path: { id } })
export const listRoles = () => api.call('GET', '/api/console/roles') as Promise<{ items: Role[]; permissions: { key: string; name: string }[] }>
export const saveRole = (key: string, body: { name: string; permissions: string[] }) => api.call('PUT', '/api/console/roles/{key}', { path: { key }, body })

export const listAudit = (query: Record<string, unknown>) => api.call('GET', '/api/console/audit', { query }) as Promise<Page<AuditRecord>>
export const verifyAudit = () => api.call('GET', '/api/console/audit/verify') as Promise<AuditProof>

export const listMembers = (query: Record<string, unknown>) => api.call('GET', '/api/console/members', { query }) as Promise<Page<MemberRow>>
export const readMember = (id: string) => api.call('GET', '/api/console/members/{id}', { path: { id } }) as Promise<MemberDetail>
