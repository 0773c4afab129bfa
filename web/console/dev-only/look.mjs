// DEVELOPMENT ONLY: pictures of every page, and what axe-core says about them.
// node dev-only/look.mjs [--out=shots] [--base=http://127.0.0.1:8377] [--only=orders,ledger] [--width=1440] [--dark] [--en] [--axe]
import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const args = Object.fromEntries(process.argv.slice(2).map((a) => { const [k, v] = a.replace(/^--/, '').split('='); return [k, v ?? true] }))
const base = args.base ?? 'http://127.0.0.1:8377'
const out = args.out ?? 'shots'
const width = Number(args.width ?? 1440)
mkdirSync(out, { recursive: true })
const axe = args.axe ? readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8') : ''
const first = (selector) => async (p) => { await p.locator(selector).first().click(); await p.waitForTimeout(900) }
const editing = (step = 1) => async (p) => { await first(':is(tbody,.cards) a[href$="/edit"]')(p); await p.waitForTimeout(600); await first(`.steps button:nth-child(${step})`)(p) }
const pages = {
  overview: ['/'], guide: ['/guide'], products: ['/products'], 'products-batch': ['/products', async (p) => { await p.locator('tbody .el-checkbox, .cards .el-checkbox').nth(0).click(); await p.locator('tbody .el-checkbox, .cards .el-checkbox').nth(1).click(); await p.waitForTimeout(300) }],
  'product-new': ['/products/new/edit'], 'product-edit': ['/products', editing()], 'product-sku': ['/products', editing(2)], 'product-media': ['/products', editing(3)], 'product-publish': ['/products', editing(4)],
  categories: ['/categories'], import: ['/products-import'], 'import-result': ['/products-import', async (p) => { await p.setInputFiles('input[type=file]', { name: '秋冬新品.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b') }); await p.waitForTimeout(900) }],
  orders: ['/orders'], 'orders-ship': ['/orders?state=paid', async (p) => { await p.locator('tbody .el-checkbox').nth(0).click().catch(() => {}); await p.locator('tbody .el-checkbox').nth(1).click().catch(() => {}); await p.locator('.batch .el-button').first().click(); await p.waitForTimeout(600) }],
  'order-detail': ['/orders', first(':is(tbody,.cards) .thing .name')], 'order-money': ['/orders?state=paid', async (p) => { await first(':is(tbody,.cards) .thing .name')(p); await p.locator('.el-tabs__item').nth(3).click(); await p.waitForTimeout(500) }], 'order-commission': ['/orders?state=shipped', async (p) => { await first(':is(tbody,.cards) .thing .name')(p); await p.locator('.el-tabs__item').nth(2).click(); await p.waitForTimeout(500) }],
  'order-refund': ['/orders?state=paid', async (p) => { await first(':is(tbody,.cards) .thing .name')(p); await p.locator('.acts .el-button').nth(1).click(); await p.waitForTimeout(600) }],
  members: ['/members'], 'member-detail': ['/members', first(':is(tbody,.cards) .person button')], promoters: ['/promoters'], 'promoter-detail': ['/promoters', first(':is(tbody,.cards) .person button')], commissions: ['/commissions'], programme: ['/programme'], ledger: ['/ledger'], payment: ['/payment'], shop: ['/shop'], staff: ['/staff'], 'staff-add': ['/staff', async (p) => { await p.locator('#main .page-head .el-button').last().click(); await p.waitForTimeout(600) }], roles: ['/roles'], audit: ['/audit'], system: ['/system'], missing: ['/nowhere'],
  search: ['/', async (p) => { await p.keyboard.press('Control+k'); await p.waitForTimeout(500) }],
}
const open = { 'sign-in': '/sign-in', 'sign-up': '/sign-up' }
const only = args.only ? String(args.only).split(',') : null
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'] })
const context = await browser.newContext({ viewport: { width, height: Number(args.height ?? (width < 700 ? 812 : 900)) }, locale: args.en ? 'en-GB' : 'zh-CN', deviceScaleFactor: Number(args.scale ?? 1), colorScheme: args.dark ? 'dark' : 'light', timezoneId: 'Asia/Shanghai' })
await context.addInitScript(([locale]) => { localStorage.setItem('weike.console.locale', locale) }, [args.en ? 'en' : 'zh-CN'])
const suffix = `${width < 700 ? '-m' : ''}${args.dark ? '-dark' : ''}${args.en ? '-en' : ''}${args.tag ? `-${args.tag}` : ''}`
let bad = 0
async function check(page, name) {
  if (!axe) return
  await page.evaluate(axe).catch(() => page.addScriptTag({ content: axe }))
  const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }))
  for (const v of violations) { bad++; console.log(`axe ${name}: ${v.id} (${v.impact}) ×${v.nodes.length} — ${v.nodes.slice(0, 2).map((n) => `${n.target.join(' ')} ${(n.any[0]?.message ?? '').slice(0, 120)}`).join(' | ')}`) }
}
async function visit(page, name, path, then) {
  await page.goto(`${base}/console${path}`)
  await page.waitForLoadState('networkidle').catch(() => {})
  await page.waitForTimeout(700)
  if (then) await then(page).catch((e) => console.log(`${name}: ${e.message.split('\n')[0]}`))
  if (!args.noshot) await page.screenshot({ path: `${out}/${name}${suffix}.png`, fullPage: false })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  if (wide > 0) console.log(`${name}: ${wide}px wider than the window`)
  await check(page, name)
}
const page = await context.newPage()
page.on('console', (m) => ['error', 'warning'].includes(m.type()) && console.log(`[${m.type()}] ${page.url()} ${m.text().slice(0, 300)}`))
page.on('pageerror', (e) => console.log(`[pageerror] ${page.url()} ${e.message.slice(0, 300)}`))
page.on('request', (r) => { const u = new URL(r.url()); if (!['data:', 'blob:'].includes(u.protocol) && u.origin !== base) console.log(`OUTSIDE ${r.url()}`) })
for (const [name, path] of Object.entries(open)) if (!only || only.includes(name)) await visit(page, name, path)
const login = args.login ?? 'owner@orange.shop', password = args.password ?? 'x'
await page.goto(`${base}/console/sign-in`)
await page.fill('#login', String(login))
await page.fill('#password', String(password))
await page.click('button[type=submit]')
await page.waitForURL((u) => !u.pathname.endsWith('/sign-in'), { timeout: 15000 })
for (const [name, [path, then]] of Object.entries(pages)) if (!only || only.includes(name)) await visit(page, name, path, then)
await browser.close()
if (axe) console.log(`axe: ${bad} kinds of violation`)
