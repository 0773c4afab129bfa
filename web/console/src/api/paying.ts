// Alipay, the ways to pay, balances.
import type { Schemas } from '@weike/client'
import { api } from './http'

export type AlipaySettings = Schemas['AlipaySettings']
export type OfferedWays = Schemas['OfferedWays']
export type BalanceRules = Schemas['BalanceRules']
export type Way = OfferedWays['in_browser'][number]

export const readAlipay = () => api.get('/api/console/payment/alipay')
export const saveAlipay = (body: Schemas['AlipaySettingsAsked']) => api.put('/api/console/payment/alipay', { body })
export const testAlipay = () => api.post('/api/console/payment/alipay/test')
export const readWays = () => api.get('/api/console/payment/ways')
export const saveWays = (body: OfferedWays) => api.put('/api/console/payment/ways', { body })
export const readBalanceRules = () => api.get('/api/console/payment/balance')
export const saveBalanceRules = (body: BalanceRules) => api.put('/api/console/payment/balance', { body })
export const readMemberBalance = (member_id: string) => api.get('/api/console/members/{member_id}/balance', { path: { member_id } })
