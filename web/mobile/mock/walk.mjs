// Walks through the real server: look, choose, sign in, buy, pay in the sandbox, get it back, become a promoter, share;
// then a friend buys through the share, and the promoter sees what it brings. Needs a worker for the last part.
// BASE (the shop), SANDBOX (for the text message and the cashier), SHOP, PHONE. Pictures go to shots/walk-*.png.
import assert from 'node:assert'
import fs from 'node:fs'
import path from 'node:path'
import { chromium } from 'playwright-core'

const BASE = process.env.BASE ?? 'http://127.0.0.1:8080'
const SANDBOX = process.env.SANDBOX ?? 'http://127.0.0.1:8087'
const SHOP = process.env.SHOP ?? 'chengxin'
const PHONE = process.env.PHONE ?? `139${String(Date.now()).slice(-8)}`
const OUT = path.resolve(import.meta.dirname, '../shots')
fs.mkdirSync(OUT, { recursive: true })

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
const OUTSIDE = /^(http:\/\/(127\.0\.0\.1|localhost)|data:|blob:)/
let step = 0

/** Somebody with a phone. */
async function person() {
  const context = await browser.newContext({ viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, colorScheme: 'light', locale: process.env.LOCALE ?? 'zh-CN' })
  const page = await context.newPage()
  const wrong = []
  page.on('pageerror', (error) => wrong.push(String(error)))
  page.on('response', (response) => response.status() >= 400 && wrong.push(`${response.status()} ${response.request().method()} ${response.url()}`))
  page.on('request', (request) => !OUTSIDE.test(request.url()) && wrong.push(`foreign ${request.url()}`))
  const tap = (text) => page.getByText(text, { exact: true }).last().click()
  const open = async (path) => {
    await page.goto('about:blank')
    await page.goto(`${BASE}/m/?shop=${SHOP}#${path}`)
  }
  async function see(name) {
    await page.waitForTimeout(700)
    await page.screenshot({ path: path.join(OUT, `walk-${String(++step).padStart(2, '0')}-${name}.png`) })
    console.log(`${step} ${name}${wrong.length ? `: ${wrong.splice(0).join(' | ')}` : ''}`)
  }
  return { page, tap, see, open }
}

async function signIn({ page, tap, see }, phone) {
  await page.locator('.agree').waitFor()
  await page.locator('.in .uni-input-input').first().fill(phone)
  await page.locator('.ask').click()
  await page.waitForTimeout(900)
  const messages = JSON.stringify(await (await fetch(`${SANDBOX}/sms.json?phone=${phone}`)).json())
  const code = (messages.match(/"code":"?(\d{4,8})/) ?? messages.match(/\b(\d{6})\b/))[1]
  await page.locator('.in .uni-input-input').nth(1).fill(code)
  await page.locator('.agree .x-check').click()
  await see('sign-in')
  await tap('登录')
}

/** From a product's page to the paid order; the reader signs in on the way. Says what was paid. */
async function buy(who, phone) {
  const { page, tap, see } = who
  await page.locator('.lead').waitFor()
  await see('product')
  await tap('立即购买')
  await page.locator('.x-sheet .panel').waitFor()
  for (const group of await page.locator('.spec .values').all()) {
    const free = group.locator('.value:not(.off)').first()
    if (!(await free.getAttribute('class')).includes(' on')) await free.click()
  }
  await see('sku')
  await page.locator('.x-sheet .x-btn').click()
  await signIn(who, phone)
  await page.locator('.x-sheet .panel').waitFor()
  await page.locator('.x-sheet .x-btn').click()
  await page.locator('.figures').waitFor()
  await page.locator('.address').click()
  await page.locator('.paste').waitFor()
  await page.locator('.paste textarea').fill('林小满 13800138000 浙江省杭州市西湖区文三路 398 号 6 幢 1201')
  await see('address')
  await tap('保存')
  await page.getByText('文三路').first().waitFor()
  await see('checkout')
  const payable = await page.locator('.x-bar .x-price').getAttribute('aria-label')
  await tap('提交订单')
  await page.getByText('应付金额').waitFor()
  await see('pay')
  await tap('立即支付')
  await page.waitForURL(/cashier/, { timeout: 15000 })
  await see('cashier')
  await page.getByRole('button', { name: /确认支付/ }).click()
  await page.waitForTimeout(1500)
  if (!page.url().includes('/m/')) await page.locator('a').first().click()
  await page.getByText('支付成功').waitFor({ timeout: 30000 })
  await see('paid')
  await tap('查看订单')
  await page.getByText('订单进度').waitFor()
  await see('order')
  return payable
}

const anna = await person()
await anna.open('/pages/home/index')
await anna.page.locator('.x-goods').first().waitFor()
await anna.see('home')
await anna.page.locator('.x-goods').nth(1).click()
console.log('paid', await buy(anna, PHONE))
await anna.tap('申请退款')
await anna.page.getByText('确认退款').waitFor()
await anna.see('refund-ask')
await anna.tap('确认退款')
await anna.page.waitForTimeout(2500)
await anna.see('refunded')
await anna.open('/buy/orders/index')
await anna.page.locator('.x-order').first().waitFor()
await anna.see('orders')
await anna.open('/promo/join/index')
await anna.page.locator('.honest').waitFor()
await anna.page.locator('.agree .x-check').click()
await anna.see('join')
await anna.tap('立即加入')
await anna.page.locator('.goods .x-btn').first().waitFor()
await anna.see('promoter')
await anna.page.locator('.goods .x-btn').first().click()
await anna.page.locator('.texts').waitFor()
await anna.see('share')
await anna.tap('生成海报')
await anna.page.locator('.paper.drawn').waitFor()
await anna.see('poster')
const code = await anna.page.evaluate(async () => {
  const token = localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('weike.token')))
  return (await (await fetch('/api/promoter/shares', { headers: { authorization: `Bearer ${token}` } })).json()).items[0].code
})

// A friend opens the link and buys.
const friend = await person()
await friend.page.goto(`${BASE}/s/${code}`)
console.log('friend paid', await buy(friend, `137${String(Date.now()).slice(-8)}`))
assert.match(await friend.page.locator('.fold').innerText(), /推荐/)
await friend.page.locator('.fold').click()
await friend.see('who-brought-me')

await anna.page.waitForTimeout(3000)
await anna.open('/promo/home/index')
await anna.page.locator('.todays').waitFor()
await anna.see('promoter-earned')
await anna.open('/promo/income/index')
await anna.page.locator('.line').first().waitFor()
await anna.page.locator('.card').first().click()
await anna.see('income')
await anna.open('/promo/shares/index')
await anna.page.locator('.figures').first().waitFor()
await anna.see('shares')
await anna.tap('我的客户')
await anna.see('customers')
await anna.open('/pages/me/index')
await anna.page.locator('.states').waitFor()
await anna.see('me')
await browser.close()
