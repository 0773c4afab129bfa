import type { QueryOf, Schemas } from '@weike/client'
import { api, type ListQuery } from './http'

export type WithdrawalRow = Schemas['WithdrawalRow']
export type PayoutRules = Schemas['PayoutRulesAsked']

export const listWithdrawals = (query: ListQuery) => api.get('/api/console/withdrawals', { query: query as QueryOf<'/api/console/withdrawals'> })
export const readWithdrawal = (withdrawal_id: string) => api.get('/api/console/withdrawals/{withdrawal_id}', { path: { withdrawal_id } })
export const approveWithdrawals = (ids: string[]) => api.post('/api/console/withdrawals/approve', { body: { ids } })
export const rejectWithdrawal = (withdrawal_id: string, reason: string) => api.post('/api/console/withdrawals/{withdrawal_id}/reject', { path: { withdrawal_id }, body: { reason } })
export const paidByBank = (withdrawal_id: string, bank_reference: string) => api.post('/api/console/withdrawals/{withdrawal_id}/paid-by-bank', { path: { withdrawal_id }, body: { bank_reference } })
export const readPayoutRules = () => api.get('/api/console/payout-rules')
export const savePayoutRules = (body: PayoutRules) => api.put('/api/console/payout-rules', { body })
