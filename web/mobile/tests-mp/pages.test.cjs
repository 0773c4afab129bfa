// The compiled mini-program, used as a buyer and a promoter use it.
const test = require('node:test')
const assert = require('node:assert')
const { launch, comeBack, open, store, calls } = require('./harness.cjs')

const ok = (data) => ({ statusCode: 200, data })
const ID = (n) => `019300aa-0000-7000-8000-${String(n).padStart(12, '0')}`
const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const card = { id: ID(1), title: '赣南脐橙 5 斤', subtitle: '', image_url: '/media/a.webp', price_minor: 2990, market_price_minor: 4990, sold_count: 12873, tags: ['包邮'], is_sold_out: false }
const shop = { slug: 'tea', name: '山野小铺', intro: '认真挑', contact_phone: '', licence_name: '', licence_no: '', currency: 'CNY', wechat_login: true, server_time: '2026-11-22T08:00:00Z' }
const picture = { url_s: '/media/s.webp', url_m: '/media/m.webp', url_l: '/media/l.webp', width: 10, height: 10 }
const sku = (id, value, price_minor, available) => ({ id, spec_values: [value], price_minor, available })
const product = {
  ...card, description_html: '<p>甜</p>', images: [picture], guarantees: [], max_price_minor: 5480, state: 'on_sale',
  specs: [{ name: '规格', values: ['3 斤', '5 斤', '10 斤'] }],
  skus: [sku('s3', '3 斤', 2190, 9), sku('s5', '5 斤', 2990, 30), sku('s10', '10 斤', 5480, 0)],
}
const line = { sku_id: 's5', product_id: ID(1), title: card.title, spec_text: '5 斤', image_url: '/media/a.webp', quantity: 2, price_minor: 2990, available: 30, is_valid: true }
const address = { id: ID(9), name: '林小满', phone: '13800138000', province: '浙江省', city: '杭州市', district: '西湖区', street: '文三路 1 号', region_code: '330106', is_default: true }
const order = (state, actions) => ({
  id: ID(5), discounts: [], delivery_kind: 'express', pay_state: 'paid', fulfilment_state: 'shipped', number: '20261122001', state, refund_state: 'none', placed_at: '2026-11-22T07:00:00Z', expires_at: new Date(Date.now() + 3600e3).toISOString(),
  payable_minor: 5980, goods_minor: 5980, discount_minor: 0, freight_minor: 0, lines: [{ ...line, unit_price_minor: 2990 }], actions, address,
  timeline: [{ at: '2026-11-22T07:00:00Z', kind: 'placed', text: '提交订单', actor_kind: 'member' }], parcels: [],
  attribution: { promoter_nickname: '阿桃', source: 'share', reasons: ['你打开了阿桃的分享'] }, guarantee: { until: null, text: '¥59.80 由平台保管' }, server_time: '',
})
const me = { member_id: ID(7), nickname: '林小满', profiling_allowed: true, is_promoter: true, promoter_state: 'active' }

/** The server: what each address answers; everything else is not found. */
const server = (routes) => (options) => {
  const path = options.url.split('?')[0]
  const answer = routes[`${options.method} ${path}`]
  return answer === undefined ? { statusCode: 404, data: { code: 'not_found', detail: '' } } : ok(typeof answer === 'function' ? answer(options) : answer)
}

test('a scanned code records the touch for the right shop and opens the product', async () => {
  await launch({ query: { shop: 'tea', scene: 's%3DAbc123Abc123' } }, server({ 'POST /api/shop/touches': { kind: 'product', product_id: ID(1), sharer: { nickname: '阿桃' } } }))
  const touch = calls.find((call) => call.url === '/api/shop/touches')
  assert.equal(touch.data.code, 'Abc123Abc123')
  assert.equal(touch.data.event, 'open')
  assert.match(touch.data.id, UUID7)
  assert.match(touch.data.visitor_id, UUID7)
  assert.equal(touch.header['x-shop'], 'tea')
  assert.ok(calls.some((call) => call.api === 'navigateTo' && call.url === `/pages/product/index?id=${ID(1)}`))
})

test('the same share again is the same visit, another one is another', async () => {
  const answers = server({ 'POST /api/shop/touches': { kind: 'shop', sharer: { nickname: '阿桃' } } })
  const codes = await comeBack([{ s: 'Abc123Abc123' }, { s: 'Other9Other9' }, {}], answers)
  assert.deepEqual(codes, ['Other9Other9'])
  await comeBack([{ s: 'Abc123Abc123' }], answers)
})

test('home shows the shop, its sections and the feed; a tap opens the product', async () => {
  const page = await open('pages/home/index', {}, server({
    'GET /api/shop/home': { shop, banners: [], categories: [{ id: ID(3), name: '水果' }], sections: [{ key: 'best_sellers', title: '大家都在买', products: [card] }] },
    'GET /api/shop/products': { items: [card], next_cursor: null },
  }))
  assert.match(page.text(), /山野小铺.*平台担保.*水果.*大家都在买.*全部商品.*赣南脐橙 5 斤.*包邮.*¥29\.9¥49\.9.*已售 1\.3万/)
  await page.tap('x-goods-card x-goods')
  assert.ok(page.went().some((call) => call.url === `/pages/product/index?id=${ID(1)}`))
  page.close()
})

test('without a line home says so and offers to try again', async () => {
  const page = await open('pages/home/index', {}, () => ({}))
  assert.match(page.text(), /网络不太顺畅.*重新加载/)
  page.close()
})

test('buying: the sheet opens, sold out cannot be chosen, and signing in comes first', async () => {
  const page = await open('pages/product/index', { id: ID(1) }, server({ [`GET /api/shop/products/${ID(1)}`]: product }))
  assert.doesNotMatch(page.text(), /库存/)
  await page.tapText('立即购买')
  await page.tick(300)
  assert.match(page.text(), /请选择规格/)
  await page.tap('x-sku-sheet value', 2)
  assert.match(page.text(), /请选择规格/)
  await page.tap('x-sku-sheet value', 1)
  assert.match(page.text(), /库存 30 件已选：5 斤/)
  await page.tapText('立即购买')
  assert.ok(page.went().some((call) => call.url === '/pages/sign-in/index'))
  page.close()
})

test('signing in by phone sends the share along and keeps the token', async () => {
  const page = await open('pages/sign-in/index', {}, server({
    'GET /api/shop/profile': shop,
    'POST /api/shop/sign-in/code': { retry_after: 60 },
    'POST /api/shop/sign-in/phone': { token: 'm_secret', member_id: ID(7), is_new: true },
    'GET /api/shop/me': { ...me, is_promoter: false },
    'GET /api/shop/cart': { lines: [], goods_minor: 0 },
    'POST /api/shop/touches': {},
  }))
  await page.type('input', 0, '13800138000')
  await page.tap('ask')
  assert.match(page.text(), /秒后重发/)
  await page.type('input', 1, '123456')
  await page.tapText('登录')
  assert.equal(page.asked('POST /api/shop/sign-in/phone').length, 0, 'not before the terms are agreed to')
  await page.tap('x-check x-check')
  await page.tapText('登录')
  await page.tick(200)
  assert.deepEqual(page.asked('POST /api/shop/sign-in/phone')[0].data, { phone: '13800138000', code: '123456', share_code: 'Abc123Abc123' })
  assert.equal(store.get('weike.token.tea'), 'm_secret')
  assert.equal(page.asked('GET /api/shop/me')[0].header.authorization, 'Bearer m_secret')
  page.close()
})

test('cart: totals follow the choice, what is gone is apart, the chosen go to the checkout', async () => {
  const gone = { ...line, sku_id: 's10', title: '下架的', is_valid: false, available: 0 }
  const page = await open('pages/cart/index', {}, server({ 'GET /api/shop/cart': { lines: [line, { ...line, sku_id: 's3', price_minor: 2190, quantity: 1 }, gone], goods_minor: 8170 } }))
  assert.match(page.text(), /失效商品 1 件.*合计¥81\.70去结算 \(3\)/)
  await page.tap('x-check x-check', 1)
  assert.match(page.text(), /合计¥59\.80去结算 \(2\)/)
  await page.tapText('去结算 (2)')
  assert.deepEqual(store.get('weike.checkout'), [{ sku_id: 's5', quantity: 2 }])
  page.close()
})

test('checkout: tapping twice places one order, with an id of ours and the share', async () => {
  const page = await open('buy/checkout/index', { cart: '1' }, server({
    'GET /api/shop/addresses': { items: [address] },
    'GET /api/shop/pickup-points': { items: [] },
    'POST /api/shop/orders/preview': { delivery_kind: 'express', discounts: [], offers: [], problems: [], freight: [{ text: '包邮', fee_minor: 0, positions: [0], free_gap_minor: null }], lines: [{ ...line, unit_price_minor: 2990, discount_minor: 0, freight_share_minor: 0, paid_minor: 5980 }], goods_minor: 5980, discount_minor: 0, freight_minor: 0, payable_minor: 5980, brought_by: { nickname: '阿桃', reason: '你打开了她的分享。' } },
    'POST /api/shop/orders': (options) => ({ id: options.data.id, number: '1', payable_minor: 5980, expires_at: '', state: 'placed' }),
    'GET /api/shop/cart': { lines: [], goods_minor: 0 },
  }))
  assert.match(page.text(), /文三路 1 号.*赣南脐橙 5 斤.*应付¥59\.80.*由「阿桃」推荐/)
  const pressed = page.tapText('提交订单')
  await page.tapText('提交订单')
  await pressed
  await page.tick(150)
  const placed = page.asked('POST /api/shop/orders').filter((call) => call.url === '/api/shop/orders')
  assert.equal(placed.length, 1)
  assert.match(placed[0].data.id, UUID7)
  assert.deepEqual({ ...placed[0].data, id: '' }, { id: '', lines: [{ sku_id: 's5', quantity: 2 }], delivery: { kind: 'express', address_id: ID(9) }, choices: {}, expected_minor: 5980, share_code: 'Abc123Abc123', from_cart: true })
  assert.ok(page.went().some((call) => call.api === 'redirectTo' && call.url === `/buy/pay/index?id=${placed[0].data.id}`))
  page.close()
})

test('paying: WeChat Pay is called with what the server signed, then the server is asked until it knows', async () => {
  let state = 'placed'
  const page = await open('buy/pay/index', { id: ID(5) }, server({
    [`GET /api/shop/orders/${ID(5)}`]: () => order(state, state === 'placed' ? ['pay', 'cancel'] : ['refund']),
    'GET /api/shop/pay-ways': { items: [{ way: 'wechat', method: 'mini', is_recommended: true, is_enough: true }, { way: 'balance', method: 'balance', is_recommended: false, is_enough: false, balance_minor: 100 }] },
    [`POST /api/shop/orders/${ID(5)}/pay`]: { intent_id: ID(6), method: 'mini', jsapi: { appId: 'a', timeStamp: '1', nonceStr: 'n', package: 'prepay_id=wx1', signType: 'RSA', paySign: 's' } },
    'POST /api/shop/touches': {},
  }))
  assert.match(page.text(), /应付金额¥59\.80支付剩余时间59:|应付金额¥59\.80支付剩余时间01:00/)
  await page.tapText('立即支付')
  state = 'paid'
  await page.tick(1800)
  assert.deepEqual(page.asked(`POST /api/shop/orders/${ID(5)}/pay`)[0].data, { method: 'mini' })
  assert.ok(calls.some((call) => call.api === 'requestPayment' && call.package === 'prepay_id=wx1'))
  assert.match(page.text(), /支付成功¥59\.80¥59\.80 由平台保管/)
  page.close()
})

test('an order says who brought the buyer and why; receiving asks first', async () => {
  const page = await open('buy/order/index', { id: ID(5) }, server({
    [`GET /api/shop/orders/${ID(5)}`]: order('shipped', ['receive']),
    [`POST /api/shop/orders/${ID(5)}/receive`]: {},
  }))
  assert.match(page.text(), /待收货.*平台担保¥59\.80 由平台保管.*订单进度提交订单.*由「阿桃」推荐/)
  await page.tap('fold')
  assert.match(page.text(), /你打开了阿桃的分享/)
  await page.tapText('确认收货')
  await page.tick(150)
  assert.ok(page.went().some((call) => call.api === 'showModal' && call.title === '确认收货'))
  assert.equal(page.asked(`POST /api/shop/orders/${ID(5)}/receive`).length, 1)
  page.close()
})

test('becoming a promoter is two taps: agree, join', async () => {
  const page = await open('promo/join/index', {}, server({
    'GET /api/shop/promoter/agreement': { version: '3', title: '微客协议', paragraphs: ['自愿、免费。'] },
    'POST /api/shop/promoter': {},
    'GET /api/shop/me': me,
  }))
  await page.tapText('立即加入')
  assert.equal(page.asked('POST /api/shop/promoter').length, 0)
  await page.tap('x-check x-check')
  await page.tapText('立即加入')
  await page.tick(150)
  assert.deepEqual(page.asked('POST /api/shop/promoter').map((call) => call.data), [{ agreement_version: '3' }])
  page.close()
})

test('the promoter home shows three sums and goods with what a sale brings; income shows its formula', async () => {
  const page = await open('promo/home/index', {}, server({
    'GET /api/promoter/home': { today: { estimate_minor: 598, orders: 1, visitors: 8, shares: 2 }, totals: { estimated_minor: 598, pending_minor: 120, available_minor: 3000, paid_minor: 0 }, name: '林小满', state: 'active' },
    'GET /api/promoter/goods': { items: [{ ...card, estimate_minor: 299, rate_bp: 1000, reason: '本周卖得最快' }], next_cursor: null },
  }))
  assert.match(page.text(), /今日预估收入¥5\.98.*预估¥5\.98待结算¥1\.20可提现¥30\.00.*本周卖得最快预估赚 ¥2\.99 · 10%¥29\.9/)
  page.close()
  const income = await open('promo/income/index', {}, server({
    'GET /api/promoter/income': { items: [{ commission_id: ID(8), order_number: '20261122001', at: '2026-11-22T07:00:00Z', state: 'pending', product_title: card.title, base_minor: 5980, rate_bp: 1000, amount_minor: 598, reversed_minor: 100, formula: '59.80 × 10% = 5.98', buyer_nickname: '林**' }], next_cursor: null },
  }))
  assert.match(income.text(), /\+¥4\.98待结算/)
  await income.tap('card')
  assert.match(income.text(), /计佣金额（实付减运费）¥59\.80佣金比例10%退款扣回-¥1\.0059\.80 × 10% = 5\.98/)
  income.close()
})

test('large text, brightness and language are remembered and change the page at once', async () => {
  const page = await open('pages/settings/index', {}, server({ 'GET /api/shop/me': me }))
  await page.tap('x-switch x-switch', 0)
  assert.equal(store.get('weike.prefs').large, true)
  assert.equal(page.find('x-page is-large').length, 1)
  await page.tap('segment', 2)
  assert.equal(page.find('x-page theme-dark').length, 1)
  await page.tapText('English')
  assert.match(page.text(), /Settings.*Large text.*Dark mode.*Sign out/)
  assert.deepEqual({ ...store.get('weike.prefs') }, { language: 'en', brightness: 'dark', large: true })
  page.close()
})

test.after(() => setTimeout(() => process.exit(), 50))
