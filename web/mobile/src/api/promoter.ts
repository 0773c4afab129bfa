// The calls of somebody who shares.
import { client } from './http'
import type {
  Agreement,
  Estimate,
  Income,
  PageOf,
  PromoterCard,
  PromoterHome,
  Share,
  ShareChannel,
  ShareRow,
  Touched,
} from './types'

const get = <T>(path: string, query?: Record<string, unknown>, part?: Record<string, unknown>) =>
  client.call('GET', path, { query, path: part }) as Promise<T>
const post = <T>(path: string, body: unknown) => client.call('POST', path, { body }) as Promise<T>

export const promoterApi = {
  agreement: () => get<Agreement>('/api/shop/promoter/agreement'),
  join: (agreement_version: string) => post<unknown>('/api/shop/promoter', { agreement_version }),
  touch: (touch: { id: string; code: string; visitor_id: string; event: 'open' | 'sign_in' }) =>
    post<Touched>('/api/shop/touches', touch),
  share: (ask: { id: string; kind: 'product' | 'shop'; product_id?: string; channel: ShareChannel; parent_code?: string }) =>
    post<Share>('/api/shop/shares', ask),
  home: () => get<PromoterHome>('/api/promoter/home'),
  goods: (query: { sort?: string; q?: string; cursor?: string }) =>
    get<PageOf<PromoterCard>>('/api/promoter/goods', query),
  estimate: (id: string) => get<Estimate>('/api/promoter/products/{id}/estimate', {}, { id }),
  income: (query: { state?: string; cursor?: string }) => get<PageOf<Income>>('/api/promoter/income', query),
  shares: (query: { cursor?: string }) => get<PageOf<ShareRow>>('/api/promoter/shares', query),
}
