// DEVELOPMENT ONLY: invented answers for screenshots, and the built console under /console/ with the product's strict CSP.
// Never shipped: the build does not look into this folder.
import { createServer } from 'node:http'
import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const port = Number(process.env.MOCK_PORT ?? 8377)
const NOW = Date.parse('2026-11-22T06:40:00Z')
let seed = 7
const rnd = () => ((seed = (seed * 48271) % 2147483647) / 2147483647)
const pick = (list) => list[Math.floor(rnd() * list.length)]
const int = (a, b) => a + Math.floor(rnd() * (b - a + 1))
let ids = 0
const uid = () => `01936a2c-${(++ids).toString(16).padStart(4, '0')}-7000-8000-${(ids * 7919).toString(16).padStart(12, '0')}`
const ago = (minutes) => new Date(NOW - minutes * 60000).toISOString()

const names = ['小橙', '张姐', '李哥', '阿梅', '老王', '小陈', '林晓', '苏苏', '周舟', '江南', '何苗', '白露', '秦川', '陶陶', '安安', '顾北', '乔木', '沈默', '可可', '明月']
const goods = [
  ['赣南脐橙 现摘现发 新鲜水果 5 斤装', '水果生鲜', 2990, '#f59e3b', '🍊'], ['明前龙井 2026 新茶 特级 250g 礼盒', '茶饮', 19800, '#7ca55b', '🍵'], ['秦岭百花土蜂蜜 500g 农家自产', '粮油干货', 5980, '#e0a030', '🍯'], ['智利车厘子 JJ 级 2 斤 顺丰空运', '水果生鲜', 8990, '#b23a55', '🍒'],
  ['手工竹编收纳篮 三件套', '家居日用', 12900, '#b98a5a', '🧺'], ['云南小粒咖啡豆 中度烘焙 454g', '茶饮', 6800, '#7a4b2b', '☕'], ['精梳棉短袖 T 恤 男女同款', '服饰', 3990, '#6fa9b8', '👕'], ['景德镇手绘盖碗 釉下彩', '茶器', 26800, '#6e88b5', '🍶'], ['五常稻花香大米 10 斤 当季新米', '粮油干货', 7900, '#c9b27c', '🌾'], ['手工艾草皂 洗脸沐浴 四块装', '个护', 4500, '#7fae86', '🧼'], ['羊绒围巾 素色 30×180cm', '服饰', 32900, '#b98aa5', '🧣'], ['低温鲜牛奶 950ml × 3 瓶', '水果生鲜', 4560, '#8fb0d8', '🥛'],
]
const picture = (i) => `/media/mock/${i % goods.length}.svg`
const svg = (i) => { const [, , , c, e] = goods[i]; return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200"><defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop stop-color="${c}" stop-opacity=".28"/><stop offset="1" stop-color="${c}" stop-opacity=".62"/></linearGradient></defs><rect width="200" height="200" fill="#fff"/><rect width="200" height="200" fill="url(#g)"/><ellipse cx="100" cy="158" rx="52" ry="9" fill="#000" opacity=".1"/><text x="100" y="140" font-size="96" text-anchor="middle">${e}</text></svg>` }
const cats = ['水果生鲜', '茶饮', '粮油干货', '家居日用', '服饰', '茶器', '个护'].map((name, i) => ({ id: uid(), parent_id: null, name, icon_media_id: null, icon_url: null, position: i, products_count: int(4, 14) }))
cats.push({ id: uid(), parent_id: cats[0].id, name: '柑橘', icon_media_id: null, icon_url: null, position: 0, products_count: 4 }, { id: uid(), parent_id: cats[0].id, name: '浆果', icon_media_id: null, icon_url: null, position: 1, products_count: 3 })
const products = Array.from({ length: 63 }, (_, i) => { const [title, category_name, price] = goods[i % goods.length]; return { id: uid(), title, image_url: picture(i), category_name, state: ['on_sale', 'on_sale', 'on_sale', 'off_sale', 'draft', 'on_sale'][i % 6], price_minor: price, max_price_minor: i % 3 ? price : price + 3000, stock: i % 7 === 3 ? 0 : int(2, 380), sold_count: int(3, 12900), skus_count: 1 + (i % 4), commission_rate_bp: i % 4 ? null : 1500, updated_at: ago(i * 197) } })
const promoters = names.slice(0, 14).map((nickname, i) => ({ member_id: uid(), nickname, avatar_url: null, state: i === 5 ? 'suspended' : i === 11 ? 'quit' : 'active', joined_at: ago(60 * 24 * (50 - i * 3)), shares: int(4, 90), customers: int(2, 40), orders: int(1, 60), sales_minor: int(20000, 900000), commission_minor: int(2000, 90000) }))
const states = ['placed', 'paid', 'paid', 'shipped', 'received', 'settled', 'cancelled', 'paid']
const orders = Array.from({ length: 46 }, (_, i) => { const g = goods[i % goods.length]; const state = states[i % 8]; const n = 1 + (i % 3); return { id: uid(), number: `20261122${String(100460 - i)}`, state, refund_state: i === 6 ? 'all' : 'none', member: { id: uid(), nickname: names[(i * 3) % 20], phone_tail: String(1000 + ((i * 337) % 9000)) }, placed_at: ago(i * 93 + 12), paid_at: state === 'placed' ? null : ago(i * 93 + 9), payable_minor: g[2] * n + 800, pay_state: i === 9 ? 'refunding' : state === 'placed' ? 'unpaid' : 'paid', actions: state === 'paid' && i !== 9 ? ['ship', 'refund'] : state === 'placed' ? ['cancel'] : [], promoter_nickname: i % 3 ? names[i % 14] : null, lines_count: n, first_image_url: picture(i), first_title: g[0] } })
const entry = (account, title, amount_minor, owner_id) => ({ account, title, amount_minor, owner_id: owner_id ?? null })
const paidTransfer = (o) => ({ id: uid(), at: o.paid_at ?? o.placed_at, kind: 'order_paid', title: '买家付款', source_type: 'order', source_id: o.id, entries: [entry('channel_cash:wechat', '微信支付资金', o.payable_minor), entry('escrow', '担保资金', -o.payable_minor)] })
const commission = (o, i) => { const base = o.payable_minor - 800; const amount = Math.floor(base / 10); const state = ['estimated', 'pending', 'available', 'paid', 'void', 'estimated', 'on_hold'][i % 7]; return { commission_id: uid(), order_id: o.id, order_number: o.number, promoter_id: promoters[i % 14].member_id, promoter_nickname: promoters[i % 14].nickname, buyer_nickname: o.member.nickname, at: o.paid_at ?? o.placed_at, state, product_id: products[i % 63].id, product_title: o.first_title, base_minor: base, rate_bp: 1000, amount_minor: amount, reversed_minor: i % 9 === 4 ? amount : 0, hold_until: state === 'pending' ? new Date(NOW + 5 * 864e5).toISOString() : null, formula: `计佣金额 ¥${(base / 100).toFixed(2)} × 10% = ¥${(amount / 100).toFixed(2)}` } }
const commissions = orders.filter((o) => o.promoter_nickname).map(commission)
const staff = [['owner', '小橙', 'owner@orange.shop', ['owner']], ['s2', '苏苏', 'susu', ['operator', 'merchandiser']], ['s3', '老周', 'laozhou', ['customer_service']], ['s4', '何苗', 'hemiao', ['finance']], ['s5', '阿青', 'aqing', ['auditor']]].map(([, name, login, roles], i) => ({ id: uid(), name, login, state: i === 4 ? 'disabled' : 'active', roles, last_seen_at: i === 4 ? null : ago(i * 190 + 2) }))
const rights = { 'dashboard.read': '查看经营概况', 'products.read': '查看商品', 'products.write': '编辑与上下架商品', 'orders.read': '查看订单', 'orders.ship': '发货', 'orders.refund': '退款与取消', 'members.read': '查看会员', 'promoters.read': '查看推广员与规则', 'promoters.write': '暂停推广员、修改规则', 'commissions.read': '查看佣金', 'ledger.read': '查看账本', 'payment.read': '查看支付设置', 'payment.write': '修改支付设置', 'staff.read': '查看员工', 'staff.write': '管理员工与角色', 'audit.read': '查看操作日志', 'settings.read': '查看店铺设置', 'settings.write': '修改店铺设置', 'system.read': '查看系统任务', 'system.write': '重试任务' }
const all = Object.keys(rights)
const roles = [['owner', '店主', all], ['merchandiser', '商品', ['dashboard.read', 'products.read', 'products.write', 'settings.read']], ['operator', '运营', ['dashboard.read', 'products.read', 'products.write', 'orders.read', 'members.read', 'promoters.read', 'promoters.write', 'commissions.read']], ['customer_service', '客服', ['products.read', 'orders.read', 'orders.ship', 'orders.refund', 'members.read']], ['finance', '财务', ['dashboard.read', 'orders.read', 'orders.refund', 'commissions.read', 'ledger.read', 'payment.read', 'audit.read']], ['auditor', '审计', all.filter((r) => r.endsWith('.read'))]].map(([key, name, permissions]) => ({ key, name, permissions }))
const shop = { name: '山野小铺', slug: 'shanye', intro: '山里人家的好东西，一年四季，现摘现发。', contact_phone: '0571-88886666', licence_name: '杭州山野贸易有限公司', licence_no: '91330106MA2CXXXX7K', logo_media_id: null, logo_url: null, currency: 'CNY', time_zone: 'Asia/Shanghai', freight_fee_minor: 800, freight_free_from_minor: 9900, order_expire_minutes: 30, auto_receive_days: 10, after_sale_days: 7 }
const wechat = { is_set_up: true, base_url: 'http://127.0.0.1:8087', notify_url: 'http://127.0.0.1:8080/hooks/wechat/01936a2c-0001', state: 'active', mch_id: '1900000109', app_id_mini: 'wx8888888888888888', app_id_official: null, merchant_serial: '1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C', has_private_key: true, has_apiv3_key: true, verifiers: [{ id: 'PUB_KEY_ID_0119000001092024', pem: '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA…\n-----END PUBLIC KEY-----' }] }

const page = (rows, q) => { const at = Number(q.get('cursor') ?? 0), limit = Number(q.get('limit') ?? 20); return { items: rows.slice(at, at + limit), next_cursor: at + limit < rows.length ? String(at + limit) : null } }
const has = (q, ...texts) => { const w = q.get('q'); return !w || texts.some((x) => String(x ?? '').includes(w)) }
const detail = (o) => {
  const i = orders.indexOf(o), g = goods[i % goods.length], n = o.lines_count
  const lines = Array.from({ length: n }, (_, p) => ({ position: p, product_id: products[p].id, sku_id: uid(), title: goods[(i + p) % goods.length][0], spec_text: ['5 斤装', '特级 · 礼盒', '原味'][p], image_url: picture(i + p), quantity: 1, unit_price_minor: g[2], list_minor: g[2], activity_minor: 0, member_minor: 0, full_reduction_minor: p === 0 && n > 1 ? 500 : 0, coupon_platform_minor: 0, coupon_store_minor: 0, points_minor: 0, freight_share_minor: p === 0 ? 800 : 0, paid_minor: g[2] + (p === 0 ? 800 : 0) - (p === 0 && n > 1 ? 500 : 0), refunded_minor: 0, refunded_quantity: 0 }))
  const total = lines.reduce((s, l) => s + l.paid_minor, 0)
  const done = ['placed', 'paid', 'shipped', 'received', 'settled'].indexOf(o.state)
  return { ...o, payable_minor: total, goods_minor: total - 800, freight_minor: 800, discount_minor: n > 1 ? 500 : 0, refunded_minor: 0, remark: '麻烦用纸箱，送老人，谢谢', shipped_at: done >= 2 ? ago(i * 90) : null, received_at: done >= 3 ? ago(i * 60) : null, settle_at: null, settled_at: done >= 4 ? ago(i * 30) : null, address: { name: '林晓', phone: '138****5521', province: '浙江省', city: '杭州市', district: '西湖区', street: '龙井路 88 号 3 幢 201' }, lines, parcels: done >= 2 ? [{ courier: 'SF', courier_name: '顺丰速运', tracking_no: 'SF1402390017284', shipped_at: ago(i * 90) }] : [], timeline: [...(done >= 1 ? [{ at: o.paid_at, kind: 'paid', text: '微信支付成功', actor_kind: 'payment' }] : []), { at: o.placed_at, kind: 'placed', text: '买家提交订单', actor_kind: 'member' }], attribution: o.promoter_nickname ? { promoter_id: promoters[0].member_id, promoter_nickname: o.promoter_nickname, source: 'share', reasons: ['下单时使用了该推广员分享的链接（朋友圈，2 小时前点开）', '链接在 7 天有效期内', '买家此前没有其他推广员的保护期'] } : { source: 'none', reasons: ['没有推广员带来，属于自然下单'] }, transfers: done >= 1 ? [paidTransfer({ ...o, payable_minor: total }), { id: uid(), at: o.paid_at, kind: 'commission_estimated', title: '预估佣金（备查）', source_type: 'order', source_id: o.id, entries: [entry('commission_memo_estimated', '预估佣金', Math.floor((total - 800) / 10)), entry('commission_memo_contra', '预估佣金对应', -Math.floor((total - 800) / 10))] }] : [], payments: done >= 1 ? [{ intent_id: uid(), method: 'jsapi', state: 'paid', amount_minor: total, transaction_id: '4200002145202611229876543210', paid_at: o.paid_at }] : [], refunds: [] }
}
const days = (n) => Array.from({ length: n }, (_, i) => { const d = new Date(NOW - (n - 1 - i) * 864e5); const wave = 1 + 0.35 * Math.sin(i / 2.1) + i * 0.025; return { day: d.toISOString().slice(0, 10), paid_minor: Math.round(620000 * wave), orders: Math.round(74 * wave), visitors: Math.round(610 * wave * (1 + 0.1 * Math.cos(i))) } })
const dashboard = (n) => {
  const trend = days(n); const a = trend.at(-1), b = trend.at(-2)
  const nodes = [{ id: 'shop', name: '山野小铺', kind: 'shop', size: 60 }], links = []
  promoters.slice(0, 8).forEach((p, i) => { nodes.push({ id: p.member_id, name: p.nickname, kind: 'promoter', size: 46 - i * 5 }); links.push({ source: i === 5 ? promoters[0].member_id : 'shop', target: p.member_id }); for (let k = 0; k < 3 + ((i * 2) % 6); k++) { const id = `b${i}-${k}`; nodes.push({ id, name: names[(i * 3 + k) % 20], kind: 'buyer', size: 1 }); links.push({ source: p.member_id, target: id }) } })
  return { figures: [['paid_minor', a.paid_minor, b.paid_minor], ['paid_orders', a.orders, b.orders], ['visitors', a.visitors, b.visitors + 40], ['conversion_bp', 1256, 1204], ['new_promoters', 6, 6], ['pending_commission_minor', 921430, null]].map(([key, value, previous]) => ({ key, value, previous })), trend, channels: [['moments', '朋友圈', 0.41], ['wechat', '微信好友', 0.24], ['poster', '海报', 0.16], ['link', '复制链接', 0.09], ['direct', '直接访问', 0.1]].map(([channel, title, s]) => ({ channel, title, paid_minor: Math.round(trend.reduce((x, d) => x + d.paid_minor, 0) * s), orders: Math.round(800 * s) })), todos: [['to_ship', 17], ['to_pay', 6], ['refunding', 2], ['out_of_stock', 9], ['quarantined', 0], ['dead_letters', 1]].map(([key, count]) => ({ key, count })), graph: { nodes, links } }
}
const empty = new URLSearchParams(process.env.MOCK_EMPTY ? 'e=1' : '').has('e')

const answer = (method, path, q, body) => {
  const [, , , what, a, b, c] = path.split('/')
  if (empty && method === 'GET' && !['me', 'shop', 'guide', 'payment', 'programme', 'roles', 'staff'].includes(what)) {
    if (what === 'dashboard') return { ...dashboard(14), figures: dashboard(14).figures.map((f) => ({ ...f, value: 0, previous: 0 })), channels: [], todos: dashboard(14).todos.map((x) => ({ ...x, count: 0 })), graph: { nodes: [{ id: 's', name: '山野小铺', kind: 'shop', size: 1 }], links: [] }, trend: days(14).map((d) => ({ ...d, paid_minor: 0, orders: 0, visitors: 0 })) }
    if (a === 'counts') return { all: 0, on_sale: 0, off_sale: 0, draft: 0, sold_out: 0 }
    if (what === 'ledger' && a === 'reconciliation') return { ok: true, checked_at: ago(1), checks: [] }
    if (a === 'verify') return { ok: true, records: 0 }
    return { items: [], next_cursor: null, by_state: [] }
  }
  switch (`${method} ${what}`) {
    case 'POST sign-in': return body.password === 'wrong' ? [401, { type: 'about:blank', title: 'x', status: 401, code: 'tenancy.wrong_login', detail: '账号或密码不正确', request_id: 'r-1' }] : { token: 's_mock', staff_id: staff[0].id, shop_slug: 'shanye' }
    case 'POST sign-up': return { token: 's_mock', staff_id: staff[0].id, tenant_id: uid(), shop_slug: body.slug }
    case 'GET me': return { staff_id: staff[0].id, name: '小橙', login: 'owner@orange.shop', roles: ['owner'], permissions: process.env.MOCK_RIGHTS ? process.env.MOCK_RIGHTS.split(',') : all, shop: { tenant_id: uid(), slug: 'shanye', name: '山野小铺', currency: 'CNY', time_zone: 'Asia/Shanghai', logo_url: null } }
    case 'GET dashboard': return dashboard(Number(q.get('days') ?? 14))
    case 'GET guide': return { steps: [['shop', true], ['product', true], ['payment', false], ['share', false], ['first_order', false]].map(([key, done]) => ({ key, done })) }
    case 'GET products': if (a === 'counts') return { all: 63, on_sale: 39, off_sale: 11, draft: 10, sold_out: 9 }
      if (a) { const p = products.find((x) => x.id === a) ?? products[0]; return { id: p.id, title: p.title, title_en: null, subtitle: '山里老茶农手工炒制，清明前三天采摘', description: '产地：杭州西湖翁家山，海拔 300 米。\n\n一芽一叶，手工炒制，豆香明显，回甘持久。\n\n建议 85℃ 水冲泡，可续 4 泡。', category_id: cats[1].id, tags: ['新茶', '产地直发'], media_ids: [], position: 0, media: [1, 2, 7].map((i) => ({ id: uid(), url_s: picture(i), url_m: picture(i), url_l: picture(i), width: 800, height: 800 })), specs: [{ name: '等级', values: ['特级', '一级'] }, { name: '包装', values: ['罐装 100g', '礼盒 250g'] }], skus: [['特级', '罐装 100g', 9800], ['特级', '礼盒 250g', 19800], ['一级', '罐装 100g', 6800], ['一级', '礼盒 250g', 13800]].map(([x, y, price], i) => ({ id: uid(), code: `LJ-${i + 1}`, spec_values: [x, y], price_minor: price, market_price_minor: price + 3000, cost_minor: Math.round(price * 0.55), weight_g: 250, stock: 20 + i * 13 })), commission_rate_bp: 1500, state: p.state, version: 3, sold_count: 10, created_at: ago(900), updated_at: ago(9) } }
      return page(products.filter((p) => has(q, p.title) && (!q.get('state') || (q.get('state') === 'sold_out' ? p.stock === 0 : p.state === q.get('state'))) && (!q.get('category_id') || p.category_name === cats.find((x) => x.id === q.get('category_id'))?.name)), q)
    case 'PUT products': return { id: a, ...body, version: 4 }
    case 'POST products': if (a === 'state') { products.forEach((p) => body.ids.includes(p.id) && (p.state = body.state)); return { changed: body.ids.length } }
      return { rows: 128, created: 96, updated: 27, failed: [{ row: 14, field: '售价', code: 'catalog.bad_price', message: '「九十八」不是金额，请填数字，例如 98.00' }, { row: 37, field: '商品编码', code: 'catalog.code_taken', message: '编码 LJ-250 与第 36 行重复' }, { row: 52, field: '分类', code: 'catalog.no_category', message: '没有名为「茗茶」的分类，请先新建' }, { row: 88, field: '库存', code: 'catalog.bad_stock', message: '库存不能是负数' }, { row: 101, field: '商品名称', code: 'catalog.title_missing', message: '商品名称不能为空' }] }
    case 'GET categories': return { items: cats }
    case 'POST media': return { id: uid(), url_s: picture(1), url_m: picture(1), url_l: picture(1), width: 800, height: 800 }
    case 'GET orders': if (a === 'counts') return { all: 46, placed: 6, paid: 17, shipped: 6, received: 6, settled: 5, cancelled: 6, refunding: 2 }
      if (a && b === 'commissions') return { items: orders.find((o) => o.id === a)?.promoter_nickname ? [commission(orders.find((o) => o.id === a), 0)] : [] }
      if (a) { const o = orders.find((x) => x.id === a); return o ? detail(o) : [404, { status: 404, code: 'trade.order_not_found', detail: '没有找到这笔订单', request_id: 'r-7f31' }] }
      return page(orders.filter((o) => has(q, o.number, o.member.nickname, o.member.phone_tail) && (!q.get('state') || o.state === q.get('state'))), q)
    case 'POST orders': { const o = orders.find((x) => x.id === a); if (b === 'ship') { if (body.tracking_no.endsWith('0000')) return [409, { status: 409, code: 'trade.not_shippable', detail: '这笔订单正在退款，不能发货' }]; o.state = 'shipped' } return {} }
    case 'GET couriers': return { items: [['sf', '顺丰速运'], ['zto', '中通快递'], ['yto', '圆通速递'], ['jd', '京东物流'], ['ems', '邮政 EMS']].map(([code, name]) => ({ code, name })) }
    case 'GET banners': return { items: [] }
    case 'GET wechat-sign-in': return { mini: { app_id: 'wx8888888888888888' }, official: null }
    case 'GET members': if (a) return { ...{ id: a, nickname: '林晓', avatar_url: null, phone_tail: '5521', created_at: ago(40000), orders_count: 7, paid_minor: 128650, promoter_nickname: '张姐', is_promoter: true }, profiling_allowed: true, addresses: [{ id: uid(), name: '林*', phone: '138****5521', province: '浙江省', city: '杭州市', district: '西湖区', phone_tail: '5521', is_default: true }], relations: [{ promoter_nickname: '张姐', since: ago(30000), until: null, reason: 'replaced' }, { promoter_nickname: '老王', since: ago(90000), until: ago(31000), reason: 'new' }], last_orders: orders.slice(0, 5) }
      return page(names.flatMap((n, i) => [0, 1].map((k) => ({ id: `m${i}${k}`, nickname: k ? `${n}的店` : n, avatar_url: null, phone_tail: String(1000 + i * 331 + k), created_at: ago(i * 1700), orders_count: int(0, 30), paid_minor: int(0, 300000), promoter_nickname: i % 3 ? names[i % 14] : null, is_promoter: i % 4 === 0 }))).filter((m) => has(q, m.nickname, m.phone_tail)), q)
    case 'GET promoters': if (a) { const p = promoters.find((x) => x.member_id === a) ?? promoters[0]; return { ...p, state_reason: p.state === 'suspended' ? '疑似虚假交易，待核实' : null, agreement_version: '2026-11', totals: { estimated_minor: 12800, pending_minor: 45600, available_minor: 98700, paid_minor: 320000 }, shares: Array.from({ length: 5 }, (_, i) => ({ code: `c${i}`, kind: 'product', product_title: goods[i][0], image_url: picture(i), channel: ['moments', 'wechat', 'poster', 'link', 'moments'][i], created_at: ago(i * 700 + 30), visitors: 40 - i * 6, orders: 5 - i, paid_minor: (5 - i) * 9800 })), customers: names.slice(5, 10).map((n, i) => ({ nickname: `${n[0]}**`, since: ago(i * 5000), protected_until: ago(-i * 5000 - 9000), expires_at: null, orders: i + 1, source: 'share' })), commissions: commissions.slice(0, 6) } }
      return page(promoters.filter((p) => has(q, p.nickname) && (!q.get('state') || p.state === q.get('state'))), q)
    case 'GET commissions': return a ? { by_state: ['estimated', 'pending', 'available', 'reserved', 'paid', 'void', 'on_hold'].map((state, i) => ({ state, count: [31, 54, 120, 3, 410, 12, 1][i], amount_minor: [48210, 92143, 201980, 8000, 1209800, 9820, 1280][i] })) } : page(commissions.filter((x) => (!q.get('state') || x.state === q.get('state')) && has(q, x.order_number)), q)
    case 'GET programme': case 'PUT programme': return { version: method === 'PUT' ? 3 : 2, effective_at: ago(40000), rate_bp: 1000, cap_bp: 3000, hold_days: 7, click_window_days: 7, protect_days: 15, validity_days: 180, ...body }
    case 'GET ledger': if (a === 'accounts') return { items: [['channel_cash:wechat', '微信支付资金', 8921430, 'debit'], ['escrow', '担保资金（待结算）', 2312860, 'credit'], ['merchant', '店铺已结算', 6310230, 'credit'], ['commission_expense', '佣金支出', 396203, 'debit'], ['commission_pending', '待结算佣金', 92143, 'credit', 1], ['commission_pending', '待结算佣金', 4120, 'credit', 1], ['commission_available', '可提现佣金', 201980, 'credit', 1], ['buyer_due', '应收买家', 51230, 'debit'], ['orders_open', '未付订单', 51230, 'credit']].map(([account, title, balance_minor, normal_side]) => ({ account, title, owner_id: null, balance_minor, normal_side })) }
      if (a === 'reconciliation') return { ok: true, checked_at: ago(2), checks: [['sum', '全部分录合计为零', 0], ['escrow', '担保资金 = 已付未结算订单', 2312860], ['pending', '待结算佣金与账面一致', 96263], ['available', '可提现佣金与账面一致', 201980], ['estimated', '预估佣金与账面一致', 48210]].map(([key, title, v]) => ({ key, title, ok: true, expected: v, found: v })) }
      return page(orders.filter((o) => o.paid_at).map(paidTransfer), q)
    case 'GET payment': case 'PUT payment': return wechat
    case 'POST payment': return { ok: true, code: 'ok', message: '双方签名都已验证（沙箱）。' }
    case 'GET shop': return shop
    case 'PUT shop': return Object.assign(shop, body)
    case 'GET staff': return { items: staff }
    case 'GET roles': return { items: roles, permissions: all.map((key) => ({ key, name: rights[key] })) }
    case 'GET audit': return a === 'verify' ? { ok: true, records: 1284, broken_at: null } : page(Array.from({ length: 40 }, (_, i) => ({ id: `a${i}`, at: ago(i * 47 + 3), actor_kind: i % 5 ? 'staff' : 'system', actor_name: i % 5 ? staff[i % 4].name : null, action: ['order.shipped', 'product.saved', 'staff.signed_in', 'programme.changed', 'promoter.suspended'][i % 5], subject_type: ['order', 'product', 'staff', 'programme', 'promoter'][i % 5], subject_id: i % 5 === 0 ? orders[i].id : `01936a2c-${i}f21-7000-8000-000000001ef0`, detail: [{ courier: 'SF', tracking_no: 'SF1402390017284' }, { fields: ['price', 'stock'], version: 4 }, {}, { rate_bp: [800, 1000], version: 2 }, { reason: '疑似虚假交易，待核实' }][i % 5] })), q)
    case 'GET system': return a === 'health' ? { ready: 3, dead: 1, oldest_ready_at: ago(1) } : page(q.get('state') === 'dead' ? [{ id: 'x1', at: ago(95), topic: 'trade.order_paid', subscriber: 'sharing.count_order', state: 'dead', attempts: 12, next_at: null, last_error: 'TimeoutError: 连接统计服务超时（5 s），已按退避重试 12 次' }] : [{ id: 'x2', at: ago(1), topic: 'trade.order_shipped', subscriber: 'members.tell_buyer', state: 'ready', attempts: 0, next_at: ago(0), last_error: null }], q)
  }
  return {}
}

const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.png': 'image/png' }
createServer((request, reply) => {
  const url = new URL(request.url, 'http://x')
  const chunks = []
  request.on('data', (c) => chunks.push(c))
  request.on('end', () => {
    if (url.pathname.startsWith('/api/')) {
      if (!/sign-(in|up)$/.test(url.pathname) && request.headers.authorization !== 'Bearer s_mock') return reply.writeHead(401, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ status: 401, code: 'kernel.unauthenticated', detail: '请先登录' }))
      let body
      try { body = JSON.parse(Buffer.concat(chunks).toString()) } catch { body = undefined }
      const given = answer(request.method, url.pathname, url.searchParams, body)
      const [status, data] = Array.isArray(given) ? given : [200, given]
      return setTimeout(() => reply.writeHead(status, { 'content-type': status < 300 ? 'application/json' : 'application/problem+json' }).end(JSON.stringify(data)), Number(process.env.MOCK_DELAY ?? 30))
    }
    if (url.pathname.startsWith('/media/mock/')) return reply.writeHead(200, { 'content-type': 'image/svg+xml' }).end(svg(Number(url.pathname.match(/(\d+)\.svg/)[1])))
    if (!url.pathname.startsWith('/console')) return reply.writeHead(302, { location: '/console/' }).end()
    const file = join(dist, url.pathname.slice('/console'.length))
    const found = extname(file) && existsSync(file) ? file : join(dist, 'index.html')
    reply.writeHead(200, { 'content-type': types[extname(found)] ?? 'application/octet-stream', 'content-security-policy': "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'" })
    reply.end(readFileSync(found))
  })
}).listen(port, '127.0.0.1', () => console.log(`mock (development only): http://127.0.0.1:${port}/console/`))
