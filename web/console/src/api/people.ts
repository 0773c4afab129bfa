// Sign-in, staff, roles, audit, members.
import type { QueryOf, Schemas } from '@weike/client'
import { api, type ListQuery } from './http'

export type Me = Schemas['Me']
export type Staff = Schemas['StaffMember']
export type Role = Schemas['Role']
export type AuditRecord = Schemas['AuditRecord']
export type AuditProof = Schemas['Verdict']
export type MemberRow = Schemas['ListedMember']

export const signIn = (body: Schemas['SignInInput']) => api.post('/api/console/sign-in', { body })
export const signUp = (body: Schemas['SignUpInput']) => api.post('/api/console/sign-up', { body })
export const signOut = () => api.post('/api/console/sign-out')
export const readMe = () => api.get('/api/console/me')
export const changePassword = (body: Schemas['PasswordInput']) => api.post('/api/console/me/password', { body })

export const listStaff = () => api.get('/api/console/staff')
export const addStaff = (body: Schemas['AddStaffInput']) => api.post('/api/console/staff', { body })
export const changeStaff = (staff_id: string, body: Schemas['ChangeStaffInput']) => api.put('/api/console/staff/{staff_id}', { path: { staff_id }, body })
export const endSessions = (staff_id: string) => api.post('/api/console/staff/{staff_id}/end-sessions', { path: { staff_id } })
export const listRoles = () => api.get('/api/console/roles')
export const saveRole = (key: string, body: Schemas['RoleInput']) => api.put('/api/console/roles/{key}', { path: { key }, body })

export const listAudit = (query: ListQuery) => api.get('/api/console/audit', { query: query as QueryOf<'/api/console/audit'> })
export const verifyAudit = () => api.get('/api/console/audit/verify')

export const listMembers = (query: ListQuery) => api.get('/api/console/members', { query: query as QueryOf<'/api/console/members'> })
export const readMember = (member_id: string) => api.get('/api/console/members/{member_id}', { path: { member_id } })
