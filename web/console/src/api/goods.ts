// Products, categories, pictures, import and export.
import type { QueryOf, Schemas } from '@weike/client'
import { api, download, upload, type ListQuery } from './http'

export type ProductRow = Schemas['KeptRow']
export type ProductCounts = Schemas['KeptCounts']
export type ProductInput = Schemas['PutProduct']
export type Product = Schemas['KeptProduct']
export type Picture = Schemas['StoredMedia']
export type Category = Schemas['ConsoleCategory']
export type ImportResult = Schemas['ImportAnswer']

export const listProducts = (query: ListQuery) => api.get('/api/console/products', { query: query as QueryOf<'/api/console/products'> })
export const countProducts = () => api.get('/api/console/products/counts')
export const readProduct = (product_id: string) => api.get('/api/console/products/{product_id}', { path: { product_id } })
export const saveProduct = (product_id: string, body: ProductInput) => api.put('/api/console/products/{product_id}', { path: { product_id }, body })
export const setProductState = (ids: string[], state: Schemas['ProductState']) => api.post('/api/console/products/state', { body: { ids, state } })
export const removeProduct = (product_id: string) => api.delete('/api/console/products/{product_id}', { path: { product_id } })

export const listCategories = () => api.get('/api/console/categories')
export const saveCategory = (category_id: string, body: Schemas['CategoryDraft']) => api.put('/api/console/categories/{category_id}', { path: { category_id }, body })
export const removeCategory = (category_id: string) => api.delete('/api/console/categories/{category_id}', { path: { category_id } })

export const uploadPicture = (file: Blob, name: string, onProgress?: (share: number) => void) => upload<Picture>('/api/console/media', file, name, onProgress)
export const importProducts = (file: Blob, name: string, dryRun: boolean, onProgress?: (share: number) => void) =>
  upload<ImportResult>(`/api/console/products/import${dryRun ? '?dry_run=true' : ''}`, file, name, onProgress)
export const exportProducts = (format: 'csv' | 'xlsx') => download(`/api/console/products/export?format=${format}`, `products.${format}`)
export const importTemplate = (format: 'csv' | 'xlsx') => download(`/api/console/products/import-template?format=${format}`, `products-template.${format}`)
