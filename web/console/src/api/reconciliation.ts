import { uuid7, type QueryOf, type Schemas } from '@weike/client'
import { api, download, type ListQuery } from './http'

export type Calendar = Schemas['Calendar']
export type ChannelDay = Schemas['ChannelDay']
export type Bill = Schemas['BillView']
export type Difference = Schemas['DifferenceView']
export type Proposal = Schemas['Proposal']
export type Quarantined = Schemas['QuarantinedView']

export const readCalendar = (first: string, last: string) => api.get('/api/console/reconciliation/calendar', { query: { first, last } })
export const readBill = (bill_id: string) => api.get('/api/console/reconciliation/bills/{bill_id}', { path: { bill_id } })
export const takeBill = (config_id: string, day: string) => api.post('/api/console/reconciliation/bills', { body: { config_id, day } })
export const compareBill = (bill_id: string) => api.post('/api/console/reconciliation/bills/{bill_id}/compare', { path: { bill_id } })
export const listDifferences = (query: ListQuery) => api.get('/api/console/reconciliation/differences', { query: query as QueryOf<'/api/console/reconciliation/differences'> })
export const readDifference = (difference_id: string) => api.get('/api/console/reconciliation/differences/{difference_id}', { path: { difference_id } })
export const queryDifference = (difference_id: string) => api.post('/api/console/reconciliation/differences/{difference_id}/query', { path: { difference_id } })
export const explainDifference = (difference_id: string, reason: string) => api.post('/api/console/reconciliation/differences/{difference_id}/explain', { path: { difference_id }, body: { id: uuid7(), reason } })
export const takeInDifference = (difference_id: string, reason: string) => api.post('/api/console/reconciliation/differences/{difference_id}/take-in', { path: { difference_id }, body: { id: uuid7(), reason } })
export const exportDifferences = (query: ListQuery, form: 'xlsx' | 'csv') => {
  const asked = new URLSearchParams({ form })
  for (const [name, value] of Object.entries(query)) if (typeof value === 'string' && value) asked.set(name, value)
  return download(`/api/console/reconciliation/differences/export?${asked}`, `differences.${form}`)
}

export const listQuarantined = (query: ListQuery) => api.get('/api/console/quarantined', { query: query as QueryOf<'/api/console/quarantined'> })
export const countQuarantined = () => api.get('/api/console/quarantined/counts')
export const readQuarantined = (quarantined_id: string) => api.get('/api/console/quarantined/{quarantined_id}', { path: { quarantined_id } })
export const queryQuarantined = (quarantined_id: string) => api.post('/api/console/quarantined/{quarantined_id}/query', { path: { quarantined_id } })
export const returnQuarantined = (quarantined_id: string, reason: string) => api.post('/api/console/quarantined/{quarantined_id}/return', { path: { quarantined_id }, body: { id: uuid7(), reason } })
export const acceptQuarantined = (quarantined_id: string, reason: string) => api.post('/api/console/quarantined/{quarantined_id}/accept', { path: { quarantined_id }, body: { id: uuid7(), reason } })

export const approveProposal = (proposal_id: string) => api.post('/api/console/proposals/{proposal_id}/approve', { path: { proposal_id } })
export const rejectProposal = (proposal_id: string) => api.post('/api/console/proposals/{proposal_id}/reject', { path: { proposal_id } })
