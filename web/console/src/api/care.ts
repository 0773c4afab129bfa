// Reviews, invoices, and what members asked of their data.
import type { QueryOf, Schemas } from '@weike/client'
import { api, download, upload, type ListQuery } from './http'

export type Review = Schemas['DeskReview']
export type ReviewCounts = Schemas['DeskCounts']
export type Invoice = Schemas['ShopInvoice']
export type InvoiceCounts = Schemas['InvoiceCounts']
export type PrivacyRequest = Schemas['ShopRequest']
export type Ground = Schemas['AppealAsked']['ground']

const asText = (query: Record<string, unknown>) =>
  new URLSearchParams(Object.entries(query).filter(([, v]) => v).map(([k, v]) => [k, String(v)])).toString()

export const listReviews = (query: ListQuery) => api.get('/api/console/reviews', { query: query as QueryOf<'/api/console/reviews'> })
export const countReviews = () => api.get('/api/console/reviews/counts')
export const readReview = (review_id: string) => api.get('/api/console/reviews/{review_id}', { path: { review_id } })
export const answerReview = (review_id: string, body: Schemas['AnswerAsked']) => api.post('/api/console/reviews/{review_id}/answer', { path: { review_id }, body })
export const appealReview = (review_id: string, body: Schemas['AppealAsked']) => api.post('/api/console/reviews/{review_id}/appeals', { path: { review_id }, body })
export const decideAppeal = (appeal_id: string, body: Schemas['AppealDecision']) => api.post('/api/console/review-appeals/{appeal_id}/decide', { path: { appeal_id }, body })
export const judgeFlag = (review_id: string, confirmed: boolean) => api.post('/api/console/reviews/{review_id}/flag', { path: { review_id }, body: { confirmed } })
export const exportReviews = (form: 'csv' | 'xlsx', query: Record<string, unknown>) => download(`/api/console/reviews/export?${asText({ ...query, form })}`, `reviews.${form}`)

export const listInvoices = (query: ListQuery) => api.get('/api/console/invoices', { query: query as QueryOf<'/api/console/invoices'> })
export const countInvoices = () => api.get('/api/console/invoices/counts')
export const readInvoice = (invoice_id: string) => api.get('/api/console/invoices/{invoice_id}', { path: { invoice_id } })
export const issueInvoice = (invoice_id: string, body: Schemas['IssueAsked']) => api.post('/api/console/invoices/{invoice_id}/issue', { path: { invoice_id }, body })
export const sendInvoice = (invoice_id: string) => api.post('/api/console/invoices/{invoice_id}/send', { path: { invoice_id } })
export const refuseInvoice = (invoice_id: string, reason: string) => api.post('/api/console/invoices/{invoice_id}/refuse', { path: { invoice_id }, body: { reason } })
export const reverseInvoice = (invoice_id: string, body: Schemas['ReverseAsked']) => api.post('/api/console/invoices/{invoice_id}/reverse', { path: { invoice_id }, body })
export const uploadInvoice = (invoice_id: string, file: File) => upload<Invoice>(`/api/console/invoices/${invoice_id}/file`, file, file.name)
export const fetchInvoice = (invoice: Invoice) => download(`/api/console/invoices/${invoice.id}/file`, `${invoice.invoice_no || invoice.number}.pdf`)
export const exportInvoices = (form: 'csv' | 'xlsx', query: Record<string, unknown>) => download(`/api/console/invoices/export?${asText({ ...query, form })}`, `invoices.${form}`)

export const listPrivacyRequests = (query: ListQuery) => api.get('/api/console/privacy/requests', { query: query as QueryOf<'/api/console/privacy/requests'> })
