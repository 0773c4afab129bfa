// Levels, points and member prices: what the shop's club says of the signed-in member.
import { client } from './http'
import type { PageOf } from './types'

export interface Level {
  id: string
  name: string
  growth_from: number
  discount_bp: number
  points_bp: number
  free_freight: boolean
  note: string
}
export interface MyLevel {
  level: Level | null
  growth: number
  next_name: string | null
  next_from: number | null
  since: string | null
  until: string | null
  keep_with: number | null
  gained: number
  levels: Level[]
  growth_per_yuan: number
}
export interface GrowthLine {
  id: string
  at: string
  amount: number
  title: string
}
export interface MyPoints {
  balance: { available: number; pending: number; expiring: number; expires_first: string | null }
  pending: { id: string; points: number; source_type: string; source_id: string; since: string }[]
  rules: { enabled: boolean; per_yuan: number; value_minor: number; most_share_bp: number; least: number; life_months: number; review: number }
  after_sale_days: number
}
export interface PointsMove {
  id: string
  at: string
  points: number
  title: string
  reason: string
  source_type: string
  source_id: string
}
export interface MemberPrices {
  level_name: string | null
  items: { product_id: string; min_minor: number; skus: { sku_id: string; member_price_minor: number }[] }[]
}

const get = <T>(path: string, query?: Record<string, unknown>) => client.call('GET', path, { query }) as Promise<T>

export const clubApi = {
  level: () => get<MyLevel>('/api/shop/level'),
  growth: (cursor?: string) => get<PageOf<GrowthLine>>('/api/shop/growth', { cursor }),
  points: () => get<MyPoints>('/api/shop/points'),
  history: (cursor?: string) => get<PageOf<PointsMove>>('/api/shop/points/history', { cursor }),
  prices: (product_ids: string[]) => get<MemberPrices>('/api/shop/member-prices', { product_ids }),
}
