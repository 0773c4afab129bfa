// Takes a picture of each page in each look, for people to see. `node mock/shots.mjs [names] [looks]`, BASE=… for the real server.
import fs from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'

const BASE = process.env.BASE ?? 'http://127.0.0.1:8090'
const SHOP = process.env.SHOP ?? 'tea'
const OUT = path.resolve(import.meta.dirname, '../shots')
const id = (n) => `019300aa-0000-7000-8000-${String(n).padStart(12, '0')}`
const PAGES = {
  home: '/pages/home/index',
  category: '/pages/category/index',
  search: '/pages/search/index',
  results: '/pages/search/index?q=茶',
  none: '/pages/search/index?q=没有',
  product: `/pages/product/index?id=${id(0)}`,
  gone: '/pages/product/index?id=none',
  cart: '/pages/cart/index',
  checkout: `/buy/checkout/index?sku=${id(1000)}&n=1`,
  addresses: '/buy/addresses/index?pick=1',
  'address-edit': '/buy/address-edit/index',
  pay: `/buy/pay/index?id=${id(2000)}`,
  paid: `/buy/pay/index?id=${id(2001)}`,
  orders: '/buy/orders/index',
  order: `/buy/order/index?id=${id(2002)}`,
  'order-unpaid': `/buy/order/index?id=${id(2000)}`,
  me: '/pages/me/index',
  settings: '/pages/settings/index',
  'sign-in': '/pages/sign-in/index',
  join: '/promo/join/index',
  promoter: '/promo/home/index',
  income: '/promo/income/index',
  shares: '/promo/shares/index',
  rules: '/promo/rules/index',
  poster: `/promo/poster/index?id=${id(0)}`,
}
const LOOKS = {
  light: {},
  dark: { brightness: 'dark' },
  large: { large: true },
  en: { language: 'en' },
  wide: { wide: true },
}
/** What is done on a page before the picture. */
const DEEDS = {
  'product+sku': ['product', async (page) => page.getByText(/立即购买|Buy now/).first().click()],
  'product+share': ['product', async (page) => page.locator('.share').first().click()],
  'product+detail': ['product', async (page) => page.evaluate(() => window.scrollTo(0, 700))],
  'home+down': ['home', async (page) => page.evaluate(() => window.scrollTo(0, 900))],
  'orders+cancel': ['orders', async (page) => page.getByText(/^取消订单$|^Cancel order$/).first().click()],
  'income+how': ['income', async (page) => page.locator('.card').first().click()],
  'address+region': ['address-edit', async (page) => page.locator('.region').first().click()],
  'order+down': ['order', async (page) => (await page.locator('.fold').click(), page.evaluate(() => window.scrollTo(0, 900)))],
  'me+out': ['me', async () => undefined],
  'cart+out': ['cart', async () => undefined],
}

const wanted = (process.argv[2] ?? 'all').split(',')
const looks = (process.argv[3] ?? 'light').split(',')
const names = wanted[0] === 'all' ? [...Object.keys(PAGES), ...Object.keys(DEEDS)] : wanted
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
fs.mkdirSync(OUT, { recursive: true })
const token = process.env.TOKEN ?? 'm_mock'
for (const look of looks) {
  for (const name of names) {
    const [pageName, deed] = DEEDS[name] ?? [name, undefined]
    const facts = LOOKS[look]
    const context = await browser.newContext(
      facts.wide ? { viewport: { width: 1440, height: 900 } } : { viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    )
    const signedOut = name.endsWith('+out') || name === 'sign-in'
    await context.addInitScript(
      ([prefs, kept, shop]) => {
        const put = (key, data, type) => localStorage.setItem(key, type === 'object' ? JSON.stringify({ type, data }) : data)
        put('weike.prefs', prefs, 'object')
        put('weike.searched', ['龙井', '产地直发', '蜂蜜'], 'object')
        if (kept) put(`weike.token.${shop}`, kept, 'string')
      },
      [{ brightness: facts.brightness ?? 'light', large: !!facts.large, language: facts.language ?? 'zh-CN' }, signedOut ? '' : token, SHOP],
    )
    const page = await context.newPage()
    page.on('pageerror', (error) => console.log(`${look} ${name}: ${error}`))
    page.on('console', (message) => message.type() === 'error' && !/404/.test(message.text()) && console.log(`${look} ${name}: ${message.text()}`))
    page.on('request', (request) => !/^(http:\/\/127\.0\.0\.1|data:|blob:)/.test(request.url()) && console.log(`${look} ${name}: foreign ${request.url()}`))
    if (name === 'join') await page.route('**/api/shop/me', (route) => route.fulfill({ json: { member_id: id(1), nickname: '林小满', profiling_allowed: true, is_promoter: false } }))
    await page.goto(`${BASE}/m/?shop=${SHOP}#${PAGES[pageName]}`)
    await page.waitForTimeout(1100)
    if (deed) {
      await deed(page)
      await page.waitForTimeout(700)
    }
    await page.screenshot({ path: path.join(OUT, `${name}.${look}.png`) })
    await context.close()
  }
}
await browser.close()
