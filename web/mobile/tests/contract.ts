// Not run: compiled by `npm run type-check`. What the server says (the generated schema) must fit what this app reads.
// An operation the schema does not know yet fits everything.
import type { paths } from '../../client/src/schema'
import type * as Ours from '@/api/types'

type Verb = 'get' | 'post' | 'put'
type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : unknown
type Good<R> = Json<R[keyof R & (200 | 201)]>
type Said<P extends string, V extends Verb> = P extends keyof paths
  ? paths[P] extends { [K in V]: { responses: infer R } }
    ? Good<R>
    : never
  : never

declare function said<P extends string, V extends Verb>(verb: V, path: P): Said<P, V>
declare function reads<T>(answer: T): void

reads<Ours.Shop>(said('get', '/api/shop/profile'))
reads<Ours.Home>(said('get', '/api/shop/home'))
reads<{ items: Ours.Category[] }>(said('get', '/api/shop/categories'))
reads<Ours.PageOf<Ours.Card>>(said('get', '/api/shop/products'))
reads<Omit<Ours.Product, 'specs'>>(said('get', '/api/shop/products/{product_id}'))
reads<{ words: string[] }>(said('get', '/api/shop/search/hot'))
reads<Ours.Me>(said('get', '/api/shop/me'))
reads<Ours.Me>(said('put', '/api/shop/me'))
reads<{ retry_after: number }>(said('post', '/api/shop/sign-in/code'))
reads<Ours.SignedIn>(said('post', '/api/shop/sign-in/phone'))
reads<Ours.SignedIn>(said('post', '/api/shop/sign-in/wechat-mini'))
reads<{ url: string }>(said('get', '/api/shop/sign-in/wechat-oauth'))
reads<{ items: Ours.Address[] }>(said('get', '/api/shop/addresses'))
reads<Ours.Cart>(said('get', '/api/shop/cart'))
reads<Ours.Cart>(said('put', '/api/shop/cart/{sku_id}'))
reads<Ours.Cart>(said('post', '/api/shop/cart/remove'))
reads<Ours.Preview>(said('post', '/api/shop/orders/preview'))
reads<Ours.PlacedOrder>(said('post', '/api/shop/orders'))
reads<Ours.PayStart>(said('post', '/api/shop/orders/{order_id}/pay'))
reads<Ours.PageOf<Ours.OrderRow>>(said('get', '/api/shop/orders'))
reads<Partial<Record<Ours.OrderTab, number>>>(said('get', '/api/shop/orders/counts'))
reads<Ours.Order>(said('get', '/api/shop/orders/{order_id}'))
reads<Ours.Share>(said('post', '/api/shop/shares'))
reads<Ours.Touched>(said('post', '/api/shop/touches'))
reads<Ours.Agreement>(said('get', '/api/shop/promoter/agreement'))
reads<Ours.PromoterHome>(said('get', '/api/promoter/home'))
reads<Ours.PageOf<Ours.PromoterCard>>(said('get', '/api/promoter/goods'))
reads<Ours.Estimate>(said('get', '/api/promoter/products/{product_id}/estimate'))
reads<Ours.PageOf<Ours.Income>>(said('get', '/api/promoter/income'))
reads<Ours.PageOf<Ours.ShareRow>>(said('get', '/api/promoter/shares'))
reads<Ours.PageOf<Ours.Customer>>(said('get', '/api/promoter/customers'))
