// Products, categories, pictures, import and export.
import type { Page } from '@/lib/use-list'
import { api, download, upload } from './http'

export interface ProductRow { id: string; title: string; image_url?: string | null; category_name?: string | null; state: string; price_minor: number; max_price_minor: number; stock: number; sold_count: number; skus_count: number; commission_rate_bp?: number | null; updated_at: string }
export interface Sku { id: string; code: string; spec_values: string[]; price_minor: number; market_price_minor?: number | null; cost_minor?: number | null; weight_g?: number | null; stock?: number | null }
export interface Picture { id: string; url_s: string; url_m: string; url_l: string; width: number; height: number }
export interface ProductInput {
  title: string
  title_en?: string | null
  subtitle: string
  description: string
  category_id?: string | null
  tags: string[]
  media_ids: string[]
  specs: { name: string; values: string[] }[]
  skus: Sku[]
  commission_rate_bp?: number | null
  state: string
  version?: number | null
}
export interface Product extends ProductInput { id: string; images: Picture[]; sold_count: number; created_at: string; updated_at: string }
export type ProductCounts = Record<'all' | 'on_sale' | 'off_sale' | 'draft' | 'sold_out', number>
export interface Category { id: string; parent_id?: string | null; name: string; icon_media_id?: string | null; icon_url?: string | null; position: number; products_count?: number }
export interface ImportResult { rows: number; created: number; updated: number; failed: { row: number; field?: string | null; code: string; message: string }[] }

export const listProducts = (query: Record<string, unknown>) => api.call('GET', '/api/console/products', { query }) as Promise<Page<ProductRow>>
export const countProducts = () => api.call('GET', '/api/console/products/counts') as Promise<ProductCounts>
export const readProduct = (id: string) => api.call('GET', '/api/console/products/{id}', { path: { id } }) as Promise<Product>
export const saveProduct = (id: string, body: ProductInput) => api.call('PUT', '/api/console/products/{id}', { path: { id }, body }) as Promise<Product>
export const setProductState = (ids: string[], state: string) => api.call('POST', '/api/console/products/state', { body: { ids, state } }) as Promise<{ changed: number }>
export const removeProduct = (id: string) => api.call('DELETE', '/api/console/products/{id}', { path: { id } })

export const listCategories = () => api.call('GET', '/api/console/categories') as Promise<{ items: Category[] }>
export const saveCategory = (id: string, body: { parent_id: string | null; name: string; icon_media_id: string | null; position: number }) => api.call('PUT', '/api/console/categories/{id}', { path: { id }, body })
export const removeCategory = (id: string) => api.call('DELETE', '/api/console/categories/{id}', { path: { id } })

export const uploadPicture = (file: Blob, name: string, onProgress?: (share: number) => void) => upload<Picture>('/api/console/media', file, name, onProgress)
export const importProducts = (file: Blob, name: string, dryRun: boolean, onProgress?: (share: number) => void) =>
  upload<ImportResult>(`/api/console/products/import${dryRun ? '?dry_run=true' : ''}`, file, name, onProgress)
export const exportProducts = (format: 'csv' | 'xlsx') => download(`/api/console/products/export?format=${format}`, `products.${format}`)
export const importTemplate = (format: 'csv' | 'xlsx') => download(`/api/console/products/import-template?format=${format}`, `products-template.${format}`)
