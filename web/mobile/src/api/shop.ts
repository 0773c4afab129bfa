// The calls of a buyer.
import { client } from './http'
import type {
  Address,
  Ask,
  Card,
  Cart,
  Category,
  Choices,
  Delivery,
  Home,
  Me,
  Order,
  OrderKeys,
  OrderRow,
  OrderTab,
  PageOf,
  PayMethod,
  PayStart,
  PickupCode,
  PickupPoint,
  PlacedOrder,
  Preview,
  Product,
  Shop,
  SignedIn,
  Sort,
  Tracking,
} from './types'

const get = <T>(path: string, query?: Record<string, unknown>, part?: Record<string, unknown>) =>
  client.call('GET', path, { query, path: part }) as Promise<T>
const send = <T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, part?: Record<string, unknown>) =>
  client.call(method, path, { body, path: part }) as Promise<T>

export const shopApi = {
  profile: () => get<Shop>('/api/shop/profile'),
  home: () => get<Home>('/api/shop/home'),
  categories: () => get<{ items: Category[] }>('/api/shop/categories'),
  products: (query: { category_id?: string; q?: string; sort?: Sort; cursor?: string; limit?: number }) =>
    get<PageOf<Card>>('/api/shop/products', query),
  product: (id: string) => get<Product>('/api/shop/products/{id}', {}, { id }),
  hotWords: () => get<{ words: string[] }>('/api/shop/search/hot'),

  me: () => get<Me>('/api/shop/me'),
  saveMe: (me: { nickname: string; profiling_allowed: boolean }) => send<Me>('PUT', '/api/shop/me', me),
  askCode: (phone: string) => send<{ retry_after: number }>('POST', '/api/shop/sign-in/code', { phone }),
  signInByPhone: (phone: string, code: string, share_code?: string) =>
    send<SignedIn>('POST', '/api/shop/sign-in/phone', share_code ? { phone, code, share_code } : { phone, code }),
  signInByMini: (code: string) => send<SignedIn>('POST', '/api/shop/sign-in/wechat-mini', { code }),
  weChatPage: (return_to: string) => get<{ url: string }>('/api/shop/sign-in/wechat-oauth', { return_to }),
  signInByWeChat: (code: string, state: string) =>
    send<SignedIn>('POST', '/api/shop/sign-in/wechat-oauth', { code, state }),
  signOut: () => send<void>('POST', '/api/shop/sign-out'),

  addresses: () => get<{ items: Address[] }>('/api/shop/addresses'),
  saveAddress: (address: Address) => send<Address>('PUT', '/api/shop/addresses/{id}', address, { id: address.id }),
  deleteAddress: (id: string) => send<void>('DELETE', '/api/shop/addresses/{id}', undefined, { id }),

  cart: () => get<Cart>('/api/shop/cart'),
  putInCart: (sku_id: string, quantity: number) =>
    send<Cart>('PUT', '/api/shop/cart/{sku_id}', { quantity }, { sku_id }),
  removeFromCart: (sku_ids: string[]) => send<Cart>('POST', '/api/shop/cart/remove', { sku_ids }),

  pickupPoints: () => get<{ items: PickupPoint[] }>('/api/shop/pickup-points'),
  preview: (ask: { lines: Ask[]; delivery: Delivery; choices?: Choices; share_code?: string }) =>
    send<Preview>('POST', '/api/shop/orders/preview', ask),
  place: (order: {
    id: string
    lines: Ask[]
    delivery: Delivery
    choices?: Choices
    expected_minor: number
    remark?: string
    share_code?: string
    from_cart: boolean
  }) => send<PlacedOrder>('POST', '/api/shop/orders', order),
  pay: (id: string, method: PayMethod) => send<PayStart>('POST', '/api/shop/orders/{id}/pay', { method }, { id }),
  orders: (query: { state: OrderTab; cursor?: string }) => get<PageOf<OrderRow>>('/api/shop/orders', query),
  orderCounts: () => get<Partial<Record<OrderTab, number>>>('/api/shop/orders/counts'),
  order: (id: string) => get<Order>('/api/shop/orders/{id}', {}, { id }),
  tracking: (id: string, parcel: string) => get<Tracking>('/api/shop/orders/{id}/parcels/{parcel}', {}, { id, parcel }),
  pickupCode: (id: string) => get<PickupCode>('/api/shop/orders/{id}/pickup-code', {}, { id }),
  orderKeys: (id: string) => get<{ items: OrderKeys[] }>('/api/shop/orders/{id}/keys', {}, { id }),
  cancel: (id: string, reason: string) => send<void>('POST', '/api/shop/orders/{id}/cancel', { reason }, { id }),
  receive: (id: string) => send<void>('POST', '/api/shop/orders/{id}/receive', undefined, { id }),
  refund: (id: string, refund: { id: string; reason: string }) =>
    send<void>('POST', '/api/shop/orders/{id}/refund', refund, { id }),
}
