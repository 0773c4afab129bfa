// Walks through the real server as a buyer does: look, choose, sign in, buy, pay in the sandbox, become a promoter, share.
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
const context = await browser.newContext({ viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, colorScheme: 'light', locale: process.env.LOCALE ?? 'zh-CN' })
const page = await context.newPage()
const wrong = []
page.on('pageerror', (error) => wrong.push(String(error)))
page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()))
page.on('response', (response) => response.status() >= 400 && wrong.push(`${response.status()} ${response.request().method()} ${response.url()}`))
page.on('request', (request) => !/^(http:\/\/(127\.0\.0\.1|localhost)|data:|blob:)/.test(request.url()) && wrong.push(`foreign ${request.url()}`))
let step = 0
async function see(name) {
  await page.waitForTimeout(700)
  await page.screenshot({ path: path.join(OUT, `walk-${String(++step).padStart(2, '0')}-${name}.png`) })
  console.log(`${step} ${name}${wrong.length ? `: ${wrong.splice(0).join(' | ')}` : ''}`)
}
const tap = (text) => page.getByText(text, { exact: true }).last().click()

await page.goto(`${BASE}/m/?shop=${SHOP}`)
await page.locator('.x-goods').first().waitFor()
await see('home')
await page.locator('.x-goods').nth(1).click()
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
await page.locator('.agree').waitFor()
await page.locator('.in .uni-input-input').first().fill(PHONE)
await page.locator('.ask').click()
await page.waitForTimeout(900)
const messages = await (await fetch(`${SANDBOX}/sms.json?phone=${PHONE}`)).json()
const code = JSON.stringify(messages).match(/"code":"?(\d{4,8})/)?.[1] ?? JSON.stringify(messages).match(/\b(\d{6})\b/)[1]
await page.locator('.in .uni-input-input').nth(1).fill(code)
await page.locator('.agree .x-check').click()
await see('sign-in')
await tap('登录')
await page.locator('.x-sheet .panel').waitFor()
await page.locator('.x-sheet .x-btn').click()
await page.locator('.figures').waitFor()
await see('checkout-empty')
await page.locator('.address').click()
await page.locator('.paste').waitFor()
await page.locator('.paste textarea').fill('林小满 13800138000 浙江省杭州市西湖区文三路 398 号 6 幢 1201')
await see('address')
await tap('保存')
await page.locator('.stamp').waitFor()
await page.getByText('文三路').first().waitFor()
await see('checkout')
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
await page.goto(`${BASE}/m/?shop=${SHOP}#/buy/orders/index`)
await page.locator('.x-order').first().waitFor()
await see('orders')
await page.goto(`${BASE}/m/?shop=${SHOP}#/promo/join/index`)
await page.locator('.honest').waitFor()
await page.locator('.agree .x-check').click()
await see('join')
await tap('立即加入')
await page.getByText('好物推荐').waitFor()
await page.locator('.goods .x-btn').first().waitFor()
await see('promoter')
await page.locator('.goods .x-btn').first().click()
await page.locator('.texts').waitFor()
await see('share')
await tap('生成海报')
await page.locator('.paper.drawn').waitFor()
await see('poster')
const link = await page.evaluate(async () => (await fetch('/api/promoter/shares', { headers: { authorization: `Bearer ${localStorage.getItem(Object.keys(localStorage).find((key) => key.startsWith('weike.token')))}`, 'x-shop': localStorage.getItem('weike.shop') } })).json())
assert.ok(link.items.length)

// Somebody else opens the link.
const friend = await browser.newContext({ viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true })
const other = await friend.newPage()
await other.goto(`${BASE}/s/${link.items[0].code}`)
await other.locator('.lead').waitFor()
await other.waitForTimeout(900)
await other.screenshot({ path: path.join(OUT, 'walk-20-friend.png') })
console.log('friend at', other.url())
await page.goto(`${BASE}/m/?shop=${SHOP}#/pages/me/index`)
await page.locator('.states').waitFor()
await see('me')
await page.goto(`${BASE}/m/?shop=${SHOP}#/promo/shares/index`)
await page.locator('.figures').first().waitFor()
await see('shares')
await browser.close()
