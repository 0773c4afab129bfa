// Levels, points, tags and member prices.
import type { QueryOf, Schemas } from '@weike/client'
import { api, download, type ListQuery } from './http'

export type Level = Schemas['Level']
export type LevelSettings = Schemas['LevelSettings']
export type PointsSettings = Schemas['Settings']
export type Adjustment = Schemas['Adjustment']
export type Tag = Schemas['Tag']
export type TagRule = Schemas['TagRule']
export type MemberPrices = Schemas['MemberPrices']

export const readLevels = () => api.get('/api/console/levels')
export const saveLevels = (body: Schemas['LevelsInput']) => api.put('/api/console/levels', { body })
export const readMemberLevel = (member_id: string) => api.get('/api/console/members/{member_id}/level', { path: { member_id } })
export const listMemberGrowth = (member_id: string) => api.get('/api/console/members/{member_id}/growth', { path: { member_id }, query: { limit: 10 } })

export const readPointsSettings = () => api.get('/api/console/points/settings')
export const savePointsSettings = (body: Schemas['SettingsInput']) => api.put('/api/console/points/settings', { body })
export const readMemberPoints = (member_id: string) => api.get('/api/console/members/{member_id}/points', { path: { member_id }, query: { limit: 10 } })
export const listAdjustments = (query: ListQuery) => api.get('/api/console/points/adjustments', { query: query as QueryOf<'/api/console/points/adjustments'> })
export const adjustPoints = (body: Schemas['AdjustmentInput']) => api.post('/api/console/points/adjustments', { body })
export const decideAdjustment = (adjustment_id: string, approve: boolean) => api.post('/api/console/points/adjustments/{adjustment_id}/decide', { path: { adjustment_id }, body: { approve } })

export const listTags = () => api.get('/api/console/tags')
export const saveTag = (tag_id: string, body: Schemas['TagInput']) => api.put('/api/console/tags/{tag_id}', { path: { tag_id }, body })
export const removeTag = (tag_id: string) => api.delete('/api/console/tags/{tag_id}', { path: { tag_id } })
export const previewTag = (rule: TagRule) => api.post('/api/console/tags/preview', { body: { rule } })
export const tagMembers = (tag_id: string, member_ids: string[], on: boolean) => api.post('/api/console/tags/{tag_id}/members', { path: { tag_id }, body: { member_ids, on } })

export const readMemberPrices = (product_id: string) => api.get('/api/console/products/{product_id}/member-prices', { path: { product_id } })
export const saveMemberPrices = (product_id: string, body: MemberPrices) => api.put('/api/console/products/{product_id}/member-prices', { path: { product_id }, body })

export function exportMembers(form: 'csv' | 'xlsx', filter: Record<string, string | undefined>): Promise<void> {
  const query = new URLSearchParams({ form })
  for (const [key, value] of Object.entries(filter)) if (value) query.set(key, value)
  return download(`/api/console/members/export?${query}`, `members.${form}`)
}
