// Withdrawing, and what a promoter may know of her customers.
import { client } from './http'
import type { Customer, PageOf } from './types'

export type PayoutChannel = 'wechat' | 'bank'
export type WithdrawalState = 'asked' | 'approved' | 'confirming' | 'paid' | 'rejected' | 'cancelled' | 'failed'
export interface Withdrawal {
  id: string
  channel: PayoutChannel
  account_tail: string
  gross_minor: number
  tax_minor: number
  net_minor: number
  state: WithdrawalState
  state_reason: string
  asked_at: string
  state_at: string
  paid_at: string | null
}
export interface MyWithdrawals {
  available_minor: number
  debt_minor: number
  least_minor: number
  most_minor: number
  payee: { name: string; id_tail: string; declared_at: string } | null
  channels: PayoutChannel[]
  open: Withdrawal | null
  confirmation: { app_id: string; package_info: string } | null
  items: Withdrawal[]
  next_cursor: string | null
}
export interface Tax {
  method: 'labour' | 'cumulative'
  counted_income_minor: number
  deducted_minor: number
  taxable_minor: number
  percent: number
  quick_deduction_minor: number
  withheld_before_minor: number
  tax_minor: number
}
export interface Quote {
  gross_minor: number
  tax_minor: number
  net_minor: number
  tax: Tax
}
export interface Told {
  at: string
  happening: string
  outcome: string
  sentence: string
}

const get = <T>(path: string, query?: Record<string, unknown>) => client.call('GET', path, { query }) as Promise<T>
const post = <T>(path: string, body: unknown, part?: Record<string, unknown>) => client.call('POST', path, { body, path: part }) as Promise<T>

export const payoutApi = {
  mine: (cursor?: string) => get<MyWithdrawals>('/api/promoter/withdrawals', { cursor }),
  quote: (amount_minor: number) => post<Quote>('/api/promoter/withdrawals/quote', { amount_minor }),
  ask: (ask: { id: string; amount_minor: number; channel: PayoutChannel; account?: { bank: string; number: string } }) =>
    post<unknown>('/api/promoter/withdrawals', ask),
  cancel: (withdrawal_id: string) => post<unknown>('/api/promoter/withdrawals/{withdrawal_id}/cancel', {}, { withdrawal_id }),
  payee: (payee: { name: string; identity_number: string }) => client.call('PUT', '/api/promoter/payee', { body: payee }) as Promise<unknown>,
  customers: (cursor?: string) => get<PageOf<Customer>>('/api/promoter/customers', { cursor }),
  happenings: () => get<{ items: Told[] }>('/api/promoter/happenings'),
}
