// A small stand-in for the real server: the contract's shapes with made-up content, for looking at the pages.
// It serves the H5 build under /m/ with the content security policy of the product. Nothing is kept.
import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { banner, picture } from './pictures.mjs'

const ROOT = path.resolve(import.meta.dirname, '../dist/build/h5')
const PORT = Number(process.env.PORT ?? 8090)
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'"
const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', json: 'application/json' }

const id = (n) => `019300aa-0000-7000-8000-${String(n).padStart(12, '0')}`
const soon = (minutes) => new Date(Date.now() + minutes * 60000).toISOString()
const TITLES = ['明前龙井 狮峰核心产区 一级 250g 罐装', '赣南脐橙 现摘现发 新鲜水果 5 斤家庭装', '秦岭百花土蜂蜜 农家自产 500g', '古法手工酱油 头道原酿 500ml 两瓶装', '云南小粒咖啡豆 中度烘焙 227g', '丹东草莓 99 红颜 顺丰冷链 3 斤', '五常稻花香大米 当季新米 5kg', '武夷岩茶 肉桂 炭焙 礼盒 150g', '新疆灰枣 免洗 特级 1kg', '东海带鱼段 冷冻锁鲜 1kg', '手工竹编收纳篮 三件套', '纯棉纱布浴巾 加厚 A 类']
const PRICES = [19800, 2990, 6850, 3900, 5800, 8900, 7990, 26800, 3280, 6600, 12900, 4990]
const TAGS = [['明前采摘', '包邮'], ['产地直发', '包邮'], ['坏果包赔'], [], ['新品'], ['顺丰冷链'], ['当季新米'], ['礼盒'], [], ['冷链'], ['手作'], ['A 类']]
const card = (n) => ({ id: id(n), title: TITLES[n % 12], subtitle: '产地直采，48 小时内发货', image_url: `/media/p${n % 12}.svg`, price_minor: PRICES[n % 12], market_price_minor: n % 3 ? null : Math.round(PRICES[n % 12] * 1.35), sold_count: 37 + ((n * 7919) % 23000), tags: TAGS[n % 12], is_sold_out: n % 12 === 9 })
const cards = (from, count) => Array.from({ length: count }, (_, i) => card(from + i))
const page = (url, make, pages = 2) => {
  const at = Number(url.searchParams.get('cursor') ?? 0)
  return { items: make(at), next_cursor: at + 1 < pages ? String(at + 1) : null }
}
const shop = { slug: 'tea', name: '山野小铺', intro: '认真挑，慢慢卖', logo_url: null, contact_phone: '400-820-0000', licence_name: '杭州山野小铺商贸有限公司', licence_no: '91330106MA2XXXXX0X', currency: 'CNY', wechat_login: true, server_time: soon(0) }
const CATEGORIES = ['茶叶', '水果', '蜂蜜', '调味', '咖啡', '粮油', '干货', '海鲜', '家居', '毛巾']
const categories = CATEGORIES.map((name, n) => ({ id: id(500 + n), parent_id: null, name, icon_url: n < 8 ? `/media/p${n}.svg` : null, products_count: 8 }))
const sub = ['绿茶', '岩茶', '红茶'].map((name, n) => ({ id: id(600 + n), parent_id: id(500), name, icon_url: null, products_count: 3 }))
const product = (n) => ({
  ...card(n), description_html: '<p>茶园在海拔 600 米的狮峰山上，清明前只采一芽一叶，当天采、当天炒。</p><p>一罐 250 克，够喝一个春天。干茶扁平光滑，汤色清亮，有豆香和兰花香。</p><ul><li>净含量：250g</li><li>保质期：18 个月</li><li>储存：密封、避光、冷藏</li></ul>',
  images: [0, 1, 2].map((k) => ({ url_s: `/media/p${(n + k) % 12}.svg`, url_m: `/media/p${(n + k) % 12}.svg`, url_l: `/media/p${(n + k) % 12}.svg`, width: 750, height: 750 })),
  specs: [{ name: '净含量', values: ['100g 尝鲜装', '250g 罐装', '500g 礼盒'] }, { name: '等级', values: ['一级', '特级'] }],
  skus: ['100g 尝鲜装', '250g 罐装', '500g 礼盒'].flatMap((a, i) => ['一级', '特级'].map((b, j) => ({ id: id(1000 + n * 10 + i * 2 + j), spec_values: [a, b], price_minor: card(n).price_minor + i * 12000 + j * 6000, market_price_minor: card(n).market_price_minor, available: i === 2 && j === 1 ? 0 : 6 + i * 40, image_url: `/media/p${(n + i) % 12}.svg` }))),
  category_id: id(500), guarantees: [{ key: 'escrow', title: '平台担保', text: '货款先由平台保管，确认收货并过了售后期才结算给商家。' }, { key: 'ship', title: '48 小时发货', text: '付款后 48 小时内发出。' }, { key: 'return', title: '7 天无理由', text: '签收 7 天内可以申请退货。' }],
  max_price_minor: card(n).price_minor + 30000, state: 'on_sale',
})
const line = (n, quantity = 1) => ({ product_id: id(n), title: TITLES[n % 12], spec_text: '250g 罐装 / 一级', image_url: `/media/p${n % 12}.svg`, quantity, unit_price_minor: PRICES[n % 12] })
const address = { id: id(900), name: '林小满', phone: '13800138000', province: '浙江省', city: '杭州市', district: '西湖区', street: '文三路 398 号 东信大厦 6 幢 1201', region_code: '330106', is_default: true }
const STATES = { placed: ['pay', 'cancel'], paid: ['refund'], shipped: ['receive'], received: [], settled: [], cancelled: [] }
const order = (n, state) => ({
  id: id(2000 + n), number: `2026112200${String(1000 + n)}`, state, refund_state: 'none', placed_at: soon(-180), expires_at: state === 'placed' ? soon(87) : null, payable_minor: n % 2 ? 19800 : 25780, goods_minor: n % 2 ? 19800 : 25180, discount_minor: 0, freight_minor: n % 2 ? 0 : 600, remark: n % 2 ? '' : '麻烦放在门口', lines: n % 2 ? [line(0)] : [line(1, 2), line(0), line(4)], actions: STATES[state], address,
  timeline: [{ at: soon(-180), kind: 'placed', text: '提交订单', actor_kind: 'member' }, ...(state === 'placed' ? [] : [{ at: soon(-178), kind: 'paid', text: '付款成功，货款由平台保管', actor_kind: 'member' }]), ...(state === 'shipped' || state === 'received' ? [{ at: soon(-60), kind: 'shipped', text: '商家已发货，顺丰速运 SF1402233445566', actor_kind: 'staff' }] : [])],
  parcels: state === 'shipped' || state === 'received' ? [{ id: 'p1', kind: 'express', state: 'in_transit', state_text: '运输中', courier: 'sf', courier_name: '顺丰速运', tracking_no: 'SF1402233445566', note: '', shipped_at: soon(-60), lines: [], latest: '【杭州市】快件已从杭州转运中心发出' }] : [],
  attribution: { promoter_nickname: '阿桃', source: 'share', reasons: ['11 月 20 日你打开了阿桃分享的「明前龙井」', '还在 7 天有效期内，并且没有别的推荐人'] },
  guarantee: { state, amount_minor: 19800, until: state === 'shipped' ? soon(60 * 24 * 9) : null, text: '你付的 ¥198.00 由平台保管，确认收货并过了 7 天售后期，才结算给商家。' }, server_time: soon(0),
})
const ORDER_STATES = ['placed', 'paid', 'shipped', 'received', 'cancelled']
const INCOME = ['estimated', 'pending', 'available', 'void', 'available']
const cart = { lines: [0, 1, 4].map((n, i) => ({ sku_id: id(1000 + n * 10), ...line(n, i + 1), price_minor: PRICES[n], available: 20, is_valid: true })).concat([{ sku_id: id(1090), ...line(9), price_minor: PRICES[9], available: 0, is_valid: false, invalid_reason: '已售罄' }]), goods_minor: 0 }
const poster = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 960" width="600" height="960"><rect width="600" height="960" fill="#fff"/><image href="" /><rect x="40" y="40" width="520" height="520" rx="24" fill="#ffe2c4"/><text x="40" y="640" font-size="34" font-weight="700" fill="#231f1d" font-family="sans-serif">明前龙井 狮峰核心产区</text><text x="40" y="720" font-size="52" font-weight="700" fill="#d2330a" font-family="sans-serif">¥198</text><rect x="400" y="660" width="160" height="160" fill="#231f1d"/><text x="40" y="880" font-size="26" fill="#736c67" font-family="sans-serif">山野小铺 · 阿桃推荐</text></svg>`
const me = { member_id: id(1), nickname: '林小满', avatar_url: null, phone_tail: '8000', profiling_allowed: true, is_promoter: process.env.PROMOTER !== '0', promoter_state: 'active' }

const ROUTES = [
  ['GET', /^\/api\/shop\/profile$/, () => shop],
  ['GET', /^\/api\/shop\/home$/, () => ({ shop, banners: [{ image_url: '/media/banner.svg', link: `/products/${id(0)}` }, { image_url: '/media/banner.svg', link: '' }], categories, sections: [{ key: 'best_sellers', title: '大家都在买', products: cards(0, 8) }] })],
  ['GET', /^\/api\/shop\/categories$/, () => ({ items: [...categories, ...sub] })],
  ['GET', /^\/api\/shop\/products$/, (_, url) => (url.searchParams.get('q') === '没有' ? { items: [], next_cursor: null } : page(url, (at) => cards(at * 12, 12)))],
  ['GET', /^\/api\/shop\/products\/(.+)$/, ([, key]) => (/^0193/.test(key) ? product(Number(key.slice(-12)) % 12) : [404, { status: 404, code: 'storefront.no_product', title: '', detail: '这件商品已经下架。' }])],
  ['GET', /^\/api\/shop\/search\/hot$/, () => ({ words: ['龙井', '脐橙', '蜂蜜', '大米', '草莓', '咖啡豆'] })],
  ['GET', /^\/api\/shop\/me$/, () => me],
  ['PUT', /^\/api\/shop\/me$/, (_, __, body) => Object.assign(me, body)],
  ['POST', /^\/api\/shop\/sign-in\/code$/, () => ({ retry_after: 60 })],
  ['POST', /^\/api\/shop\/sign-in\/.*$/, () => ({ token: 'm_mock', member_id: id(1), is_new: false })],
  ['GET', /^\/api\/shop\/addresses$/, () => ({ items: [address, { ...address, id: id(901), name: '王大山', phone: '13912345678', province: '北京市', city: '北京市', district: '朝阳区', street: '望京街 10 号', region_code: '110105', is_default: false }] })],
  ['PUT', /^\/api\/shop\/addresses\/.+$/, (_, __, body) => body],
  ['GET', /^\/api\/shop\/cart$/, () => cart],
  ['PUT', /^\/api\/shop\/cart\/(.+)$/, ([, sku], __, body) => (cart.lines.filter((one) => one.sku_id === sku).forEach((one) => (one.quantity = body.quantity)), cart)],
  ['POST', /^\/api\/shop\/cart\/remove$/, (_, __, body) => ((cart.lines = cart.lines.filter((one) => !body.sku_ids.includes(one.sku_id))), cart)],
  ['POST', /^\/api\/shop\/orders\/preview$/, () => ({ delivery_kind: 'express', discounts: [{ step: 'member', text: '会员价', amount_minor: 1000 }], offers: [], problems: [], freight: [{ text: '首 1 件 ¥6.00，每加 1 件 ¥2.00，满 ¥300.00 包邮', fee_minor: 600, positions: [0, 1], free_gap_minor: 5220 }], lines: [0, 1].map((n) => ({ sku_id: id(1000 + n), ...line(n, n + 1), list_minor: PRICES[n], discount_minor: 0, freight_share_minor: 0, paid_minor: PRICES[n] })), goods_minor: 25780, discount_minor: 1000, freight_minor: 600, payable_minor: 25380, brought_by: { nickname: '阿桃', reason: '你打开了她分享的「明前龙井」。' } })],
  ['POST', /^\/api\/shop\/orders$/, (_, __, body) => ({ id: body.id, number: '20261122001', payable_minor: 25380, expires_at: soon(120), state: 'placed' })],
  ['GET', /^\/api\/shop\/orders$/, (_, url) => ({ items: ORDER_STATES.map((state, n) => order(n, state)).filter((one) => ['all', one.state].includes(url.searchParams.get('state'))), next_cursor: null })],
  ['GET', /^\/api\/shop\/orders\/counts$/, () => ({ all: 5, placed: 1, paid: 1, shipped: 1, received: 1, refunded: 0 })],
  ['GET', /^\/api\/shop\/orders\/(.+)$/, ([, key]) => { const n = Number(key.slice(-12)) - 2000; return order(ORDER_STATES[n] ? n : 0, ORDER_STATES[n] ?? 'placed') }],
  ['POST', /^\/api\/shop\/orders\/(.+)\/pay$/, ([, key]) => ({ intent_id: id(3), method: 'h5', h5_url: `/cashier?order=${key}` })],
  ['GET', /^\/api\/shop\/pay-ways$/, () => ({ items: [{ way: 'wechat', method: 'h5', is_recommended: true, is_enough: true }, { way: 'alipay', method: 'alipay_wap', is_recommended: false, is_enough: true }] })],
  ['POST', /^\/api\/shop\/orders\/.+$/, () => ({})],
  ['POST', /^\/api\/shop\/touches$/, () => ({ kind: 'product', product_id: id(0), sharer: { nickname: '阿桃' } })],
  ['POST', /^\/api\/shop\/shares$/, (_, __, body) => ({ id: body.id, code: 'Abc123Abc123Abc1', url: 'http://127.0.0.1:8090/s/Abc123Abc123Abc1', texts: ['喝了三年的龙井，今年明前的到了，一芽一叶，豆香很足。', '自家喝的茶，产地直发，喝得惯再回购。'], estimate_minor: 1980 })],
  ['GET', /^\/api\/shop\/promoter\/agreement$/, () => ({ version: '1', title: '推广员协议', paragraphs: ['推广完全自愿、免费，可以随时退出。', '佣金只来自你直接带来的真实成交，按商家公布的比例计算。', '不得虚假下单、夸大宣传、骚扰他人。'] })],
  ['POST', /^\/api\/shop\/promoter$/, () => ((me.is_promoter = true), {})],
  ['GET', /^\/api\/promoter\/home$/, () => ({ today: { estimate_minor: 5940, orders: 3, visitors: 28, shares: 6 }, totals: { estimated_minor: 12680, pending_minor: 8650, available_minor: 32899, paid_minor: 0 }, name: '林小满', state: 'active' })],
  ['GET', /^\/api\/promoter\/goods$/, (_, url) => page(url, (at) => cards(at * 8, 8).map((one, n) => ({ ...one, estimate_minor: Math.floor(one.price_minor / 10), rate_bp: 1000, reason: ['你的 3 位客户买过', '本周销量上升最快', '退款率最低'][n % 3] })))],
  ['GET', /^\/api\/promoter\/products\/.+\/estimate$/, () => ({ estimate_minor: 1980, rate_bp: 1000 })],
  ['GET', /^\/api\/promoter\/income$/, (_, url) => ({ items: INCOME.map((state, n) => ({ commission_id: id(4000 + n), order_number: `2026112200${1000 + n}`, at: soon(-n * 700), state, product_title: TITLES[n], base_minor: PRICES[n], rate_bp: 1000, amount_minor: Math.floor(PRICES[n] / 10), reversed_minor: state === 'void' ? 0 : 0, hold_until: state === 'pending' ? soon(60 * 24 * 5) : null, formula: `⌊${(PRICES[n] / 100).toFixed(2)} × 10%⌋ = ${(Math.floor(PRICES[n] / 10) / 100).toFixed(2)}`, buyer_nickname: '小**王' })).filter((one) => !url.searchParams.get('state') || one.state === url.searchParams.get('state')), next_cursor: null })],
  ['GET', /^\/api\/promoter\/shares$/, () => ({ items: [0, 1, 2].map((n) => ({ code: `c${n}`, kind: n === 2 ? 'shop' : 'product', product_title: n === 2 ? null : TITLES[n], image_url: n === 2 ? null : `/media/p${n}.svg`, channel: ['wechat', 'poster', 'link'][n], created_at: soon(-n * 900 - 20), visitors: 18 - n * 5, orders: 3 - n, paid_minor: 59400 - n * 20000 })), next_cursor: null })],
  ['GET', /^\/api\/promoter\/customers$/, () => ({ items: ['小**王', '李*', '爱**人'].map((nickname, n) => ({ nickname, since: soon(-n * 3000), protected_until: null, expires_at: soon(60 * 24 * 20), orders: 2 - n, source: 'share' })), next_cursor: null })],
]

function give(response, status, type, body) {
  response.writeHead(status, { 'content-type': type, 'content-security-policy': POLICY, date: new Date().toUTCString() })
  response.end(body)
}

http
  .createServer(async (request, response) => {
    const url = new URL(request.url, `http://127.0.0.1:${PORT}`)
    const media = /^\/media\/p(\d+)\.svg$/.exec(url.pathname)
    if (media) return give(response, 200, TYPES.svg, picture(Number(media[1])))
    if (url.pathname === '/media/banner.svg') return give(response, 200, TYPES.svg, banner())
    if (/poster\.png$/.test(url.pathname)) return give(response, 200, TYPES.svg, poster)
    if (url.pathname.startsWith('/m/')) {
      const file = path.join(ROOT, url.pathname.slice(3) || 'index.html')
      if (!file.startsWith(ROOT) || !fs.existsSync(file)) return give(response, 404, 'text/plain', 'not here')
      return give(response, 200, TYPES[path.extname(file).slice(1)] ?? 'application/octet-stream', fs.readFileSync(file))
    }
    let text = ''
    for await (const piece of request) text += piece
    for (const [method, pattern, answer] of ROUTES) {
      const match = request.method === method && pattern.exec(url.pathname)
      if (!match) continue
      if (process.env.SLOW) await new Promise((resolve) => setTimeout(resolve, Number(process.env.SLOW)))
      const told = answer(match, url, text ? JSON.parse(text) : {})
      const [status, body] = Array.isArray(told) ? told : [200, told]
      return give(response, status, TYPES.json, JSON.stringify(body))
    }
    give(response, 404, 'application/problem+json', JSON.stringify({ status: 404, code: 'kernel.not_found', title: '', detail: '' }))
  })
  .listen(PORT, '127.0.0.1', () => console.log(`http://127.0.0.1:${PORT}/m/?shop=tea`))
