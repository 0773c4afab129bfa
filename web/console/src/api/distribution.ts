import type { QueryOf, Schemas } from '@weike/client'
import { api, type ListQuery } from './http'

export type PromoterRow = Schemas['PromoterRow']
export type Commission = Schemas['IncomeRow']
export type ProgrammeRules = Schemas['ProgrammeRules']

export const listPromoters = (query: ListQuery) => api.get('/api/console/promoters', { query: query as QueryOf<'/api/console/promoters'> })
export const readPromoter = (member_id: string) => api.get('/api/console/promoters/{member_id}', { path: { member_id } })
export const suspendPromoter = (member_id: string, reason: string) => api.post('/api/console/promoters/{member_id}/suspend', { path: { member_id }, body: { reason } })
export const resumePromoter = (member_id: string, reason: string) => api.post('/api/console/promoters/{member_id}/resume', { path: { member_id }, body: { reason } })
export const handOver = (member_id: string, body: Schemas['HandOver']) => api.post('/api/console/promoters/{member_id}/hand-over', { path: { member_id }, body })
export const listCommissions = (query: ListQuery) => api.get('/api/console/commissions', { query: query as QueryOf<'/api/console/commissions'> })
export const commissionSummary = () => api.get('/api/console/commissions/summary')
export type Plan = Schemas['Plan']
export type PlanVerdict = Schemas['PlanVerdict']
export const checkPlan = (body: Plan) => api.post('/api/console/programme/check', { body })
export const readProgramme = () => api.get('/api/console/programme')
export const saveProgramme = (body: ProgrammeRules) => api.put('/api/console/programme', { body })
