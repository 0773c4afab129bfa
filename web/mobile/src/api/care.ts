// Reviews, invoices, and what a member may ask of their data.
import { client } from './http'
import type { PageOf } from './types'

export interface ReviewPicture {
  thumb_url: string
  url: string
}
export interface ReviewPart {
  part: number
  text: string
  pictures: ReviewPicture[]
  at: string
  answer?: { text: string; at: string } | null
}
export interface Review {
  id: string
  nickname: string
  avatar_url?: string | null
  is_mine: boolean
  relation?: 'friend' | 'friend_of_friend' | null
  relation_text: string
  score: number
  spec_text: string
  tags: { key: string; text: string }[]
  parts: ReviewPart[]
  posted_at: string
  votes: number
  voted: boolean
  mark?: { text: string; reasons: string[] } | null
}
export type ReviewsOnly = 'all' | 'pictures' | 'appended' | 'low'
export interface ReviewSummary {
  reviews: number
  score_tenths?: number | null
  by_score: number[]
  with_pictures: number
  appended: number
  low: number
  hidden: number
}
export interface ReviewedThing {
  order_id: string
  number: string
  position: number
  product_id: string
  title: string
  spec_text: string
  image_url?: string | null
}
export interface MyReview {
  about: ReviewedThing
  review: Review
  is_anonymous: boolean
  can_append: boolean
  hidden_text?: string | null
}
export interface ReviewAsk {
  id: string
  order_id: string
  position: number
  score: number
  text: string
  media_ids: string[]
  tags: string[]
  is_anonymous: boolean
  show_to_chain?: boolean
  consent_version?: number
}

export type InvoiceKind = 'personal' | 'company'
export interface InvoiceTitle {
  id: string
  kind: InvoiceKind
  title: string
  tax_no: string
  email: string
  is_default: boolean
}
export interface Invoice {
  id: string
  number: string
  order_id: string
  order_number: string
  kind: InvoiceKind
  title: string
  tax_no: string
  email: string
  amount_minor: number
  red_minor: number
  state: 'requested' | 'issued' | 'sent' | 'refused' | 'red'
  state_text: string
  invoice_no: string
  has_file: boolean
  link?: string | null
  reason: string
  requested_at: string
}
export interface OrderInvoice {
  order_id: string
  order_number: string
  amount_minor: number
  can_request: boolean
  invoice?: Invoice | null
}

export interface Consent {
  purpose: string
  version: number
  title: string
  text: string
  given?: boolean | null
  at?: string | null
}
export interface PrivacyRequest {
  id: string
  kind: 'export' | 'deletion'
  state: 'waiting' | 'ready' | 'expired' | 'done' | 'withdrawn' | 'refused'
  reasons: string[]
  requested_at: string
  due_at: string
}
export interface Privacy {
  consents: Consent[]
  held: { key: string; title: string; number: number; is_kept: boolean }[]
  requests: PrivacyRequest[]
}
export interface Deletion {
  obstacles: string[]
  needs_code: boolean
  phone_tail?: string | null
  cooling_off_days: number
  waiting?: PrivacyRequest | null
}

const get = <T>(path: string, query?: Record<string, unknown>, part?: Record<string, unknown>) =>
  client.call('GET', path, { query, path: part }) as Promise<T>
const send = <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, part?: Record<string, unknown>) =>
  client.call(method, path, { body, path: part }) as Promise<T>

export const careApi = {
  summary: (id: string) => get<ReviewSummary>('/api/shop/products/{id}/reviews/summary', {}, { id }),
  reviews: (id: string, query: { only: ReviewsOnly; cursor?: string; limit?: number }) =>
    get<PageOf<Review>>('/api/shop/products/{id}/reviews', query, { id }),
  tags: () => get<{ items: { key: string; text: string }[] }>('/api/shop/review-tags'),
  waiting: (query: { order_id?: string; cursor?: string }) => get<PageOf<ReviewedThing>>('/api/shop/reviews/waiting', query),
  mine: (query: { order_id?: string; cursor?: string }) => get<PageOf<MyReview>>('/api/shop/reviews', query),
  post: (review: ReviewAsk) => send<{ id: string }>('POST', '/api/shop/reviews', review),
  append: (id: string, part: { text: string; media_ids: string[] }) =>
    send<{ id: string }>('POST', '/api/shop/reviews/{id}/append', part, { id }),
  vote: (id: string, helpful: boolean) =>
    send<{ votes: number; voted: boolean }>('PUT', '/api/shop/reviews/{id}/vote', { helpful }, { id }),

  titles: () => get<{ items: InvoiceTitle[] }>('/api/shop/invoice-titles'),
  saveTitle: ({ id, ...title }: InvoiceTitle) => send<InvoiceTitle>('PUT', '/api/shop/invoice-titles/{id}', title, { id }),
  removeTitle: (id: string) => send<void>('DELETE', '/api/shop/invoice-titles/{id}', undefined, { id }),
  invoices: (query: { cursor?: string }) => get<PageOf<Invoice>>('/api/shop/invoices', query),
  orderInvoice: (id: string) => get<OrderInvoice>('/api/shop/orders/{id}/invoice', {}, { id }),
  askInvoice: (ask: { id: string; order_id: string; kind: InvoiceKind; title: string; tax_no: string; email: string }) =>
    send<Invoice>('POST', '/api/shop/invoices', ask),

  privacy: () => get<Privacy>('/api/shop/privacy'),
  consent: (purpose: string, given: boolean, version: number) =>
    send<Privacy>('PUT', '/api/shop/privacy/consents/{purpose}', { given, version }, { purpose }),
  askExport: (id: string) => send<PrivacyRequest>('POST', '/api/shop/privacy/exports', { id }),
  deletion: () => get<Deletion>('/api/shop/privacy/deletion'),
  deletionCode: () => send<{ retry_after: number }>('POST', '/api/shop/privacy/deletion/code'),
  askDeletion: (id: string, code?: string) => send<void>('POST', '/api/shop/privacy/deletion', code ? { id, code } : { id }),
  withdrawDeletion: () => send<void>('DELETE', '/api/shop/privacy/deletion'),
}
