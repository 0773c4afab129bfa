// Every page once: address, menu group, right, picture. The menu, the router and Ctrl+K read this list.
import type { Component } from 'vue'
import {
  Avatar, ChatDotRound, Coin, Collection, CollectionTag, Connection, CreditCard, Document, Files, Finished, Goods, Guide, Key, Location, Lock, Medal, Money, Notebook, Odometer, Promotion, RefreshLeft, SetUp, Shop, Stamp, Star, Tickets, Upload, User, UserFilled, Van, Wallet, WarnTriangleFilled,
} from '@element-plus/icons-vue'
import type { TextKey } from '@/i18n'

export interface PageInfo {
  name: string
  path: string
  title: TextKey
  group: 'home' | 'goods' | 'orders' | 'people' | 'share' | 'money' | 'settings'
  icon: Component
  /** Without it the page is neither in the menu nor shown; the server refuses by itself. */
  right: string
  /** Words somebody might type who does not know our name for it (pinyin initials included). */
  words: string
  load: () => Promise<unknown>
  /** Not in the menu: reached from its parent. */
  parent?: string
}

export const pages: PageInfo[] = [
  { name: 'overview', path: '/', title: 'nav.overview', group: 'home', icon: Odometer, right: 'dashboard.read', words: 'gaikuang gk dashboard home 首页 数据', load: () => import('@/pages/overview/OverviewPage.vue') },
  { name: 'guide', path: '/guide', title: 'nav.guide', group: 'home', icon: Guide, right: 'dashboard.read', words: 'xinshou xs start 开店 入门', load: () => import('@/pages/guide/GuidePage.vue') },

  { name: 'products', path: '/products', title: 'nav.products', group: 'goods', icon: Goods, right: 'products.read', words: 'shangpin sp goods sku 库存 stock', load: () => import('@/pages/products/ProductsPage.vue') },
  { name: 'product-edit', path: '/products/:id/edit', title: 'nav.product_edit', group: 'goods', icon: Goods, right: 'products.write', words: '', parent: 'products', load: () => import('@/pages/products/ProductEditPage.vue') },
  { name: 'categories', path: '/categories', title: 'nav.categories', group: 'goods', icon: Collection, right: 'products.read', words: 'fenlei fl 分组 tree', load: () => import('@/pages/products/CategoriesPage.vue') },
  { name: 'import', path: '/products-import', title: 'nav.import', group: 'goods', icon: Upload, right: 'products.write', words: 'daoru dr csv xlsx excel export 批量', load: () => import('@/pages/products/ImportPage.vue') },

  { name: 'orders', path: '/orders', title: 'nav.orders', group: 'orders', icon: Tickets, right: 'orders.read', words: 'dingdan dd ship 发货 fahuo 退款 refund', load: () => import('@/pages/orders/OrdersPage.vue') },
  { name: 'after-sales', path: '/after-sales', title: 'nav.after_sales', group: 'orders', icon: RefreshLeft, right: 'orders.read', words: 'shouhou sh tuihuo tuikuan huanhuo 退货 退款 换货 仲裁 refund return exchange', load: () => import('@/pages/after-sales/AfterSalesPage.vue') },
  { name: 'reviews', path: '/reviews', title: 'nav.reviews', group: 'orders', icon: ChatDotRound, right: 'reviews.read', words: 'pingjia pj review 评论 申诉 回复', load: () => import('@/pages/reviews/ReviewsPage.vue') },
  { name: 'invoices', path: '/invoices', title: 'nav.invoices', group: 'orders', icon: Notebook, right: 'invoices.read', words: 'fapiao fp invoice 开票 冲红 抬头', load: () => import('@/pages/invoices/InvoicesPage.vue') },
  { name: 'write-off', path: '/write-off', title: 'nav.write_off', group: 'orders', icon: Finished, right: 'orders.write_off', words: 'ziti zt hexiao hx pickup 核销 提货码', load: () => import('@/pages/pickup/WriteOffPage.vue') },

  { name: 'members', path: '/members', title: 'nav.members', group: 'people', icon: User, right: 'members.read', words: 'huiyuan hy buyers customers 买家 顾客', load: () => import('@/pages/members/MembersPage.vue') },
  { name: 'tags', path: '/tags', title: 'nav.tags', group: 'people', icon: CollectionTag, right: 'members.read', words: 'biaoqian bq segments 分群 标签', load: () => import('@/pages/members/TagsPage.vue') },
  { name: 'levels', path: '/levels', title: 'nav.levels', group: 'people', icon: Medal, right: 'members.read', words: 'dengji dj vip growth 等级 成长值', load: () => import('@/pages/members/LevelsPage.vue') },
  { name: 'points', path: '/points', title: 'nav.points', group: 'people', icon: Star, right: 'members.read', words: 'jifen jf loyalty 积分', load: () => import('@/pages/members/PointsPage.vue') },
  { name: 'privacy', path: '/privacy', title: 'nav.privacy', group: 'people', icon: Lock, right: 'privacy.read', words: 'yinsi ys geren 个人信息 注销 导出 PIPL gdpr', load: () => import('@/pages/privacy/PrivacyPage.vue') },

  { name: 'promoters', path: '/promoters', title: 'nav.promoters', group: 'share', icon: Promotion, right: 'promoters.read', words: 'tuike tk weike wk 分销员 微客 sharers', load: () => import('@/pages/promoters/PromotersPage.vue') },
  { name: 'commissions', path: '/commissions', title: 'nav.commissions', group: 'share', icon: Coin, right: 'commissions.read', words: 'yongjin yj 结算 settle', load: () => import('@/pages/commissions/CommissionsPage.vue') },
  { name: 'withdrawals', path: '/withdrawals', title: 'nav.withdrawals', group: 'share', icon: Wallet, right: 'withdrawals.read', words: 'tixian tx payout 打款 个税 tax', load: () => import('@/pages/withdrawals/WithdrawalsPage.vue') },
  { name: 'programme', path: '/programme', title: 'nav.programme', group: 'share', icon: SetUp, right: 'promoters.read', words: 'guize gz 分销设置 比例 rate rules', load: () => import('@/pages/programme/ProgrammePage.vue') },

  { name: 'ledger', path: '/ledger', title: 'nav.ledger', group: 'money', icon: Money, right: 'ledger.read', words: 'zijin zj zhangben 账户 accounts', load: () => import('@/pages/ledger/LedgerPage.vue') },
  { name: 'reconciliation', path: '/reconciliation', title: 'nav.reconciliation', group: 'money', icon: Finished, right: 'ledger.read', words: 'duizhang dz zhangdan 账单 差异 reconcile bills', load: () => import('@/pages/reconciliation/ReconciliationPage.vue') },
  { name: 'quarantined', path: '/quarantined', title: 'nav.quarantined', group: 'money', icon: WarnTriangleFilled, right: 'ledger.read', words: 'yichang yc shoukuan 待核实 odd payments', load: () => import('@/pages/quarantined/QuarantinedPage.vue') },
  { name: 'payment', path: '/payment', title: 'nav.payment', group: 'money', icon: CreditCard, right: 'settings.read', words: 'zhifu zf wechat pay alipay zhifubao yue 微信支付 支付宝 余额 商户号', load: () => import('@/pages/payment/PaymentPage.vue') },

  { name: 'shop', path: '/shop', title: 'nav.shop', group: 'settings', icon: Shop, right: 'settings.read', words: 'dianpu dp logo 营业执照 亏本 margin', load: () => import('@/pages/shop/ShopPage.vue') },
  { name: 'freight', path: '/freight', title: 'nav.freight', group: 'settings', icon: Van, right: 'products.read', words: 'yunfei yf moban mb shipping 快递 包邮 不配送', load: () => import('@/pages/freight/FreightPage.vue') },
  { name: 'pickup', path: '/pickup', title: 'nav.pickup', group: 'settings', icon: Location, right: 'settings.read', words: 'zitidian ztd wuliu wl kuaidi100 tracking 自提点 物流 快递100', load: () => import('@/pages/pickup/PickupPage.vue') },
  { name: 'staff', path: '/staff', title: 'nav.staff', group: 'settings', icon: UserFilled, right: 'staff.read', words: 'yuangong yg employees 账号', load: () => import('@/pages/staff/StaffPage.vue') },
  { name: 'roles', path: '/roles', title: 'nav.roles', group: 'settings', icon: Key, right: 'staff.read', words: 'juese js quanxian permissions 权限', load: () => import('@/pages/staff/RolesPage.vue') },
  { name: 'audit', path: '/audit', title: 'nav.audit', group: 'settings', icon: Stamp, right: 'audit.read', words: 'rizhi rz log 操作日志 hash', load: () => import('@/pages/audit/AuditPage.vue') },
  { name: 'system', path: '/system', title: 'nav.system', group: 'settings', icon: Connection, right: 'system.read', words: 'xitong xt outbox dead letters 死信 任务', load: () => import('@/pages/system/SystemPage.vue') },
]

export const groups: { key: PageInfo['group']; title: TextKey; icon: Component }[] = [
  { key: 'home', title: 'group.home', icon: Odometer },
  { key: 'goods', title: 'group.goods', icon: Goods },
  { key: 'orders', title: 'group.orders', icon: Tickets },
  { key: 'people', title: 'group.people', icon: Avatar },
  { key: 'share', title: 'group.share', icon: Promotion },
  { key: 'money', title: 'group.money', icon: Document },
  { key: 'settings', title: 'group.settings', icon: Files },
]
