// Runs the real mini-program build in Node: WeChat's own template compiler and component tree
// (through miniprogram-simulate) on jsdom, with a small `wx` in place of the phone.
const fs = require('node:fs')
const path = require('node:path')
const { JSDOM } = require('jsdom')

const ROOT = path.resolve(__dirname, '../dist/build/mp-weixin')
if (!fs.existsSync(path.join(ROOT, 'app.js'))) throw new Error('Build first: npm run build:mp')
// This package is written in ES modules, what WeChat runs is CommonJS.
fs.writeFileSync(path.resolve(ROOT, '../package.json'), '{"type":"commonjs"}')

const dom = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true })
global.window = dom.window
global.document = dom.window.document
for (const name of ['Node', 'HTMLElement', 'Event', 'CustomEvent', 'MutationObserver', 'requestAnimationFrame']) {
  global[name] = dom.window[name]
}
const simulate = require('miniprogram-simulate')
const exparser = require('miniprogram-exparser')

/** Everything the app asked of the phone, in order. */
const calls = []
const store = new Map()
const pages = []
let reply = () => ({ statusCode: 404, data: null })
let app

const screen = { windowWidth: 375, windowHeight: 812, screenWidth: 375, screenHeight: 812, statusBarHeight: 20, pixelRatio: 2, safeArea: { top: 20, bottom: 812, left: 0, right: 375, width: 375, height: 792 } }
const base = { SDKVersion: '3.10.0', language: 'zh_CN', theme: 'light', host: {} }
const box = { width: 375, height: 300, top: 0, left: 0, right: 375, bottom: 300, scrollTop: 0 }
const wx = {
  getSystemInfoSync: () => ({ ...screen, ...base, platform: 'devtools' }),
  getWindowInfo: () => screen,
  getDeviceInfo: () => ({ platform: 'devtools' }),
  getAppBaseInfo: () => base,
  getSystemSetting: () => ({}),
  getAppAuthorizeSetting: () => ({}),
  getLaunchOptionsSync: () => ({ path: '', query: {} }),
  getEnterOptionsSync: () => ({}),
  getMenuButtonBoundingClientRect: () => ({ top: 24, left: 278, right: 365, bottom: 56, width: 87, height: 32 }),
  canIUse: () => true,
  getStorageSync: (key) => store.get(key) ?? '',
  setStorageSync: (key, value) => store.set(key, value),
  removeStorageSync: (key) => store.delete(key),
  request(options) {
    calls.push({ api: 'request', method: options.method, url: options.url, data: options.data, header: options.header })
    setTimeout(() => {
      const answer = reply(options)
      if (answer.statusCode) options.success({ header: { Date: new Date().toUTCString() }, ...answer })
      else options.fail({ errMsg: 'request:fail' })
    })
    return { abort() {} }
  },
  login: (options) => setTimeout(() => options.success({ code: 'wx-code' })),
  requestPayment(options) {
    calls.push({ api: 'requestPayment', package: options.package })
    setTimeout(() => options.success({}))
  },
  showModal(options) {
    calls.push({ api: 'showModal', title: options.title })
    setTimeout(() => options.success({ confirm: true }))
  },
  createSelectorQuery() {
    const query = new Proxy({}, { get: (_, name) => (name === 'exec' ? (done) => setTimeout(() => done && done([box])) : () => query) })
    return query
  },
  nextTick: (run) => setTimeout(run),
}
for (const api of ['navigateTo', 'redirectTo', 'reLaunch', 'switchTab', 'navigateBack', 'showToast', 'setClipboardData', 'saveImageToPhotosAlbum', 'downloadFile', 'previewImage', 'makePhoneCall']) {
  wx[api] = (options) => void calls.push({ api, url: options && options.url, title: options && options.title, data: options && options.data })
}
for (const api of ['hideTabBar', 'stopPullDownRefresh', 'setNavigationBarTitle', 'setBackgroundColor', 'pageScrollTo']) wx[api] = () => {}
global.wx = new Proxy(wx, {
  get: (target, name) => (name in target ? target[name] : /^(on|off)[A-Z]/.test(String(name)) ? () => {} : undefined),
})
global.Page = () => {}
global.App = (options) => (app = options)
global.getApp = () => app
global.getCurrentPages = () => pages
global.__wxConfig = {}

const tick = (ms = 60) => new Promise((resolve) => setTimeout(resolve, ms))

/** Starts the app as WeChat does: which page, with which query. */
async function launch(options, answers) {
  reply = answers
  calls.length = 0
  if (!app) require(path.join(ROOT, 'app.js'))
  app.onLaunch({ path: '', query: {}, scene: 1001, ...options })
  await tick(120)
}

/** The running app comes to the front with these queries, one after another; which shares were recorded. */
async function comeBack(queries, answers) {
  reply = answers
  calls.length = 0
  for (const query of queries) {
    app.onShow({ path: '', query, scene: 1007 })
    await tick()
  }
  return calls.filter((call) => call.url === '/api/shop/touches').map((call) => call.data.code)
}

async function open(route, query, answers) {
  reply = answers
  calls.length = 0
  const page = simulate.render(simulate.load(path.join(ROOT, route), { rootPath: ROOT, compiler: 'official' }))
  const host = document.createElement('div')
  document.body.appendChild(host)
  page.attach(host)
  page.instance.route = route
  page.instance.options = query
  pages.push(page.instance)
  page.instance.onLoad && page.instance.onLoad(query)
  page.instance.onShow && page.instance.onShow()
  await tick(160)
  /** DOM nodes of a class: 'title' of the page itself, or 'x-sku-sheet value' of a component. */
  const find = (what) => {
    const [component, name] = what.includes(' ') ? what.split(' ') : ['main', what]
    return [...host.querySelectorAll(`.${component}--${name}`)]
  }
  async function send(node, event, detail = {}) {
    exparser.Event.dispatchEvent(
      node.__wxElement,
      exparser.Event.create(event, detail, { bubbles: true, capturePhase: true, composed: true, extraFields: { touches: [], changedTouches: [] } }),
    )
    await tick(120)
  }
  return {
    page,
    tick,
    find,
    text: () => host.textContent.replace(/\s+/g, ' '),
    asked: (start = '') => calls.filter((call) => call.api === 'request' && `${call.method} ${call.url}`.startsWith(start)),
    went: () => calls.filter((call) => call.api !== 'request'),
    async tap(what, index = 0) {
      const node = find(what)[index]
      if (!node) throw new Error(`nothing to tap at ${what}[${index}]`)
      await send(node, 'tap')
    },
    /** Taps the last thing that shows exactly this text. */
    async tapText(text) {
      const node = [...host.querySelectorAll('*')].filter((one) => one.__wxElement && one.textContent.trim() === text).pop()
      if (!node) throw new Error(`nothing shows ${text}`)
      await send(node, 'tap')
    },
    async type(what, index, value) {
      await send(find(what)[index], 'input', { value })
    },
    close() {
      page.detach()
      host.remove()
      pages.pop()
    },
  }
}

module.exports = { launch, comeBack, open, calls, store, tick }
