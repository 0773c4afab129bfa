// What the server says, as this app reads it. Amounts are whole minor units, times RFC 3339.

export interface PageOf<T> {
  items: T[]
  next_cursor?: string | null
}
export interface Shop {
  slug: string
  name: string
  intro: string
  logo_url?: string | null
  contact_phone: string
  licence_name: string
  licence_no: string
  currency: string
  wechat_login: boolean
}
export interface Card {
  id: string
  title: string
  subtitle: string
  image_url: string | null
  price_minor: number
  market_price_minor?: number | null
  sold_count: number
  tags: string[]
  is_sold_out: boolean
  review_count?: number
  score_tenths?: number | null
}
export interface Category {
  id: string
  parent_id?: string | null
  name: string
  icon_url?: string | null
  products_count?: number
}
export interface Home {
  shop: Shop
  banners: { image_url: string; link: string }[]
  categories: Category[]
  sections: { key: string; title: string; products: Card[] }[]
}
export type Sort = 'default' | 'sales' | 'price_asc' | 'price_desc' | 'newest'
export interface Picture {
  url_s: string
  url_m: string
  url_l: string
  width: number
  height: number
}
export interface UploadedPicture {
  id: string
  url: string
  thumb_url: string
}
export interface Sku {
  id: string
  spec_values: string[]
  price_minor: number
  market_price_minor?: number | null
  available: number
  image_url?: string | null
}
export interface Product {
  id: string
  title: string
  subtitle: string
  description_html: string
  images: Picture[]
  specs: { name: string; values: string[] }[]
  skus: Sku[]
  sold_count: number
  tags: string[]
  category_id?: string | null
  guarantees: { key: string; title: string; text: string }[]
  price_minor: number
  max_price_minor: number
  market_price_minor?: number | null
  state: string
}
export interface Me {
  member_id: string
  nickname: string
  avatar_url?: string | null
  phone_tail?: string | null
  profiling_allowed: boolean
  is_promoter: boolean
  promoter_state?: string | null
}
export interface SignedIn {
  token: string
  member_id: string
  is_new: boolean
}
export interface Address {
  id: string
  name: string
  phone: string
  province: string
  city: string
  district: string
  street: string
  region_code: string
  is_default: boolean
}
export interface CartLine {
  sku_id: string
  product_id: string
  title: string
  spec_text: string
  image_url: string | null
  quantity: number
  price_minor: number
  available: number
  is_valid: boolean
  invalid_reason?: 'off_sale' | 'sold_out' | 'too_few' | null
}
export interface Cart {
  lines: CartLine[]
  goods_minor: number
}
export interface Ask {
  sku_id: string
  quantity: number
}
export interface PreviewLine extends Ask {
  title: string
  spec_text: string
  image_url: string | null
  unit_price_minor: number
  discount_minor: number
  freight_share_minor: number
  paid_minor: number
  /** Why this line cannot be ordered as things stand. */
  refused?: string | null
}
export type DeliveryKind = 'express' | 'pickup' | 'none'
export interface Delivery {
  kind: DeliveryKind
  address_id?: string
  pickup_point_id?: string
  contact_name?: string
  contact_phone?: string
}
export interface Choices {
  points?: number
  coupon_ids?: string[]
}
export interface PickupPoint {
  id: string
  name: string
  phone: string
  hours: string
  province: string
  city: string
  district: string
  street: string
}
export interface TakenOff {
  step: string
  text: string
  amount_minor: number
}
/** What the buyer may choose to be taken off, as the basket stands. */
export interface Offer {
  kind: 'coupon' | 'points' | 'activity'
  id: string | null
  text: string
  saves_minor: number
  points: number
  held: number
  is_chosen: boolean
  refused: string | null
}
export interface Preview {
  /** What the goods need: `none` when nothing is carried. */
  delivery_kind: DeliveryKind
  lines: PreviewLine[]
  discounts: TakenOff[]
  freight: { text: string; fee_minor: number; positions: number[]; free_gap_minor: number | null }[]
  offers: Offer[]
  /** What placing would be refused with. */
  problems: { code: string; text: string }[]
  goods_minor: number
  discount_minor: number
  freight_minor: number
  payable_minor: number
  brought_by?: { nickname: string; reason: string } | null
}
export interface PlacedOrder {
  id: string
  number: string
  payable_minor: number
  expires_at: string
  state: string
}
export type PayMethod = 'jsapi' | 'mini' | 'h5' | 'native' | 'alipay_wap' | 'alipay_page' | 'balance'
/** Where the shop is open: the mini-program, WeChat's browser, another browser of a phone, one of a desk. */
export type PayPlace = 'mini' | 'wechat' | 'browser' | 'desktop'
export interface PayWay {
  way: 'wechat' | 'alipay' | 'balance'
  method: PayMethod
  is_recommended: boolean
  is_enough: boolean
  balance_minor?: number | null
}
export interface PayStart {
  intent_id?: string | null
  /** How it is paid; `free` and `balance` when the order is paid already. */
  method: string
  jsapi?: Record<string, string> | null
  h5_url?: string | null
  code_url?: string | null
  /** A form for the provider's cashier. */
  form?: { action: string; fields: Record<string, string> } | null
}
export type OrderTab = 'all' | 'placed' | 'paid' | 'shipped' | 'received' | 'refunded'
export interface OrderLine {
  product_id: string
  title: string
  spec_text: string
  image_url: string | null
  quantity: number
  unit_price_minor: number
}
export interface ParcelLine {
  position: number
  title: string
  spec_text: string
  image_url: string | null
  quantity: number
}
export interface Parcel {
  id: string
  kind: 'express' | 'pickup' | 'virtual' | 'card_key'
  state: string
  state_text: string
  courier: string
  courier_name: string
  tracking_no: string
  note: string
  shipped_at: string
  lines: ParcelLine[]
  latest?: string | null
}
export interface PickupPlace {
  id: string
  name: string
  address: string
  hours: string
  phone: string
}
export interface PickupCode {
  code: string
  /** An SVG picture as an address. */
  picture: string
  ready_at: string
  used_at?: string | null
}
export interface Tracking {
  parcel: Parcel
  steps: { at: string; state: string; state_text: string; text: string; place: string }[]
  order_number: string
  region: string
  others: number
}
export interface OrderKeys {
  position: number
  keys: { number: string; secret: string }[]
}
export interface OrderRow {
  id: string
  number: string
  state: string
  /** unpaid, paid, refunding (on its way back), refunded */
  pay_state?: string
  refund_state: string
  placed_at: string
  expires_at?: string | null
  payable_minor: number
  lines: OrderLine[]
  delivery_kind: DeliveryKind
  /** none, part, ready (to be picked up), shipped, received */
  fulfilment_state: string
  actions: string[]
}
export interface Order extends OrderRow {
  discounts: TakenOff[]
  goods_minor: number
  discount_minor: number
  freight_minor: number
  remark?: string | null
  paid_at?: string | null
  address: Omit<Address, 'id' | 'is_default'>
  timeline: { at: string; kind: string; text: string; actor_kind: string }[]
  parcels: Parcel[]
  pickup?: PickupPlace | null
  attribution?: { promoter_nickname?: string | null; source: string; reasons: string[] } | null
  guarantee: { state: string; amount_minor: number; until?: string | null; text: string }
  server_time: string
}
export type ShareChannel = 'wechat' | 'moments' | 'link' | 'poster' | 'weibo'
export interface Share {
  id: string
  code: string
  url: string
  texts: string[]
}
export interface Touched {
  kind: 'product' | 'shop' | 'invite'
  product_id?: string | null
  sharer: { nickname: string; avatar_url?: string | null }
}
export interface Agreement {
  version: string
  title: string
  paragraphs: string[]
}
export interface PromoterHome {
  today: { estimate_minor: number; orders: number; visitors: number; shares: number }
  totals: { estimated_minor: number; pending_minor: number; available_minor: number; paid_minor: number }
  name: string
  state: string
}
export interface PromoterCard extends Omit<Card, 'tags' | 'is_sold_out'> {
  estimate_minor: number
  rate_bp: number
  reason: string
}
export interface Estimate {
  estimate_minor: number
  rate_bp: number
}
export interface Income {
  commission_id: string
  order_number: string
  at: string
  state: string
  product_title: string
  base_minor: number
  rate_bp: number
  amount_minor: number
  reversed_minor: number
  hold_until?: string | null
  formula: string
  buyer_nickname: string
}
export interface ShareRow {
  code: string
  kind: string
  product_title?: string | null
  image_url?: string | null
  channel: string
  created_at: string
  visitors: number
  orders: number
  paid_minor: number
}
export interface Customer {
  nickname: string
  avatar_url: string | null
  since: string
  protected_until: string
  expires_at: string
  orders: number
  source: string
}
