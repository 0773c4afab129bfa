// The after-sale desk.
import type { QueryOf, Schemas } from '@weike/client'
import { api, download, type ListQuery } from './http'

export type CaseRow = Schemas['DeskRow']
export type DeskCase = Schemas['DeskCase']
export type CaseCounts = Schemas['AfterSaleCounts']

const asText = (query: Record<string, unknown>) =>
  new URLSearchParams(Object.entries(query).filter(([, v]) => v).map(([k, v]) => [k, String(v)])).toString()

export const listCases = (query: ListQuery) => api.get('/api/console/after-sales', { query: query as QueryOf<'/api/console/after-sales'> })
export const countCases = () => api.get('/api/console/after-sales/counts')
export const readCase = (case_id: string) => api.get('/api/console/after-sales/{case_id}', { path: { case_id } })
export const agreeCase = (case_id: string, body: Schemas['Agreed']) => api.post('/api/console/after-sales/{case_id}/agree', { path: { case_id }, body })
export const declineCase = (case_id: string, body: Schemas['Refused']) => api.post('/api/console/after-sales/{case_id}/decline', { path: { case_id }, body })
export const acceptGoods = (case_id: string, body: Schemas['Accepted']) => api.post('/api/console/after-sales/{case_id}/accept', { path: { case_id }, body })
export const refuseGoods = (case_id: string, body: Schemas['Refused']) => api.post('/api/console/after-sales/{case_id}/refuse', { path: { case_id }, body })
export const replaceGoods = (case_id: string, body: Schemas['SentBack']) => api.post('/api/console/after-sales/{case_id}/replace', { path: { case_id }, body })
export const refundAgain = (case_id: string) => api.post('/api/console/after-sales/{case_id}/refund', { path: { case_id } })
export const decideCase = (case_id: string, body: Schemas['Decided']) => api.post('/api/console/after-sales/{case_id}/decide', { path: { case_id }, body })
export const sayInCase = (case_id: string, body: Schemas['SaidWithPictures']) => api.post('/api/console/after-sales/{case_id}/messages', { path: { case_id }, body })
export const exportCases = (form: 'csv' | 'xlsx', query: Record<string, unknown>) =>
  download(`/api/console/after-sales/export?${asText({ ...query, format: form })}`, `after-sales.${form}`)
