// Moving between pages, in one place: what is a tab, where back leads, and when somebody must sign in first.

export const PAGES = {
  home: '/pages/home/index',
  category: '/pages/category/index',
  cart: '/pages/cart/index',
  me: '/pages/me/index',
  search: '/pages/search/index',
  product: '/pages/product/index',
  signIn: '/pages/sign-in/index',
  checkout: '/buy/checkout/index',
  addresses: '/buy/addresses/index',
  addressEdit: '/buy/address-edit/index',
  pay: '/buy/pay/index',
  purse: '/buy/balance/index',
  orders: '/buy/orders/index',
  order: '/buy/order/index',
  tracking: '/buy/tracking/index',
  pickup: '/buy/pickup/index',
  settings: '/pages/settings/index',
  afterApply: '/after/apply/index',
  afterList: '/after/list/index',
  afterCase: '/after/case/index',
  level: '/club/level/index',
  points: '/club/points/index',
  join: '/promo/join/index',
  promoter: '/promo/home/index',
  income: '/promo/income/index',
  shares: '/promo/shares/index',
  rules: '/promo/rules/index',
  withdraw: '/promo/withdraw/index',
  payee: '/promo/payee/index',
  customers: '/promo/customers/index',
  poster: '/promo/poster/index',
  reviews: '/care/reviews/index',
  review: '/care/review/index',
  myReviews: '/care/mine/index',
  privacy: '/care/privacy/index',
  invoices: '/care/invoices/index',
  invoice: '/care/invoice/index',
} as const
export type PageName = keyof typeof PAGES
type Facts = Record<string, string | number | undefined>

const TABS: readonly PageName[] = ['home', 'category', 'cart', 'me']

export function address(page: PageName, facts: Facts = {}): string {
  const query = Object.entries(facts)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([key, value]) => `${key}=${encodeURIComponent(String(value))}`)
    .join('&')
  return PAGES[page] + (query ? `?${query}` : '')
}

export function go(page: PageName, facts: Facts = {}): void {
  if (TABS.includes(page)) uni.switchTab({ url: PAGES[page] })
  else uni.navigateTo({ url: address(page, facts) })
}

/** Takes the place of this page, so that back does not lead to it again. */
export function replace(page: PageName, facts: Facts = {}): void {
  if (TABS.includes(page)) uni.switchTab({ url: PAGES[page] })
  else uni.redirectTo({ url: address(page, facts) })
}

export function goBack(): void {
  if (getCurrentPages().length > 1) uni.navigateBack({})
  else uni.switchTab({ url: PAGES.home })
}
