// Paying: what the place we run in can do, and doing it. The truth about the money comes from the server afterwards.
import { shopApi } from '@/api/shop'
import type { PayMethod, PayPlace, PayStart } from '@/api/types'
import { hereAddress } from './entry'
import { isDesktop, isMiniProgram, isWeChatBrowser } from './system'

export type PayEnd = 'asked' | 'cancelled' | 'left'

/** Inside WeChat only WeChat Pay works: the server offers ways by this. */
export const payPlace = (): PayPlace => (isMiniProgram ? 'mini' : isWeChatBrowser() ? 'wechat' : isDesktop() ? 'desktop' : 'browser')

/** WeChat's cashier page comes back to the address that is added to it. */
export function cashierAddress(h5Url: string, back: string): string {
  return `${h5Url}${h5Url.includes('?') ? '&' : '?'}redirect_url=${encodeURIComponent(back)}`
}

/** What the server signed: appId, timeStamp, nonceStr, package, signType, paySign. */
type Parameters = NonNullable<PayStart['jsapi']>

function payInside(facts: Parameters): Promise<PayEnd> {
  // #ifdef MP-WEIXIN
  return new Promise((resolve, reject) =>
    uni.requestPayment({
      provider: 'wxpay',
      orderInfo: '',
      timeStamp: facts.timeStamp,
      nonceStr: facts.nonceStr,
      package: facts.package,
      signType: facts.signType,
      paySign: facts.paySign,
      success: () => resolve('asked'),
      fail: (error: { errMsg?: string }) =>
        /cancel/.test(error.errMsg ?? '') ? resolve('cancelled') : reject(new Error(error.errMsg)),
    } as UniApp.RequestPaymentOptions),
  )
  // #endif
  // #ifdef H5
  const bridge = (
    window as unknown as {
      WeixinJSBridge?: { invoke(name: string, facts: Parameters, then: (r: { err_msg: string }) => void): void }
    }
  ).WeixinJSBridge
  return new Promise((resolve, reject) => {
    if (!bridge) return reject(new Error('WeixinJSBridge'))
    bridge.invoke('getBrandWCPayRequest', facts, ({ err_msg }) =>
      /:ok$/.test(err_msg) ? resolve('asked') : /:cancel$/.test(err_msg) ? resolve('cancelled') : reject(new Error(err_msg)),
    )
  })
  // #endif
}

// #ifdef H5
/** Leaves the shop with a form; where it may go is fixed by our content policy. */
function sendForm(form: NonNullable<PayStart['form']>): void {
  const element = document.createElement('form')
  element.method = 'post'
  element.action = form.action
  for (const [name, value] of Object.entries(form.fields)) {
    const field = document.createElement('input')
    field.type = 'hidden'
    field.name = name
    field.value = value
    element.append(field)
  }
  document.body.append(element)
  element.submit()
}
// #endif

/** `back` is the page that waits for the money. `left` means that the cashier's page takes over. */
export async function carryOut(start: PayStart, back: string): Promise<PayEnd> {
  if (start.jsapi) return payInside(start.jsapi)
  // #ifdef H5
  if (start.form) {
    // Where it comes back to is signed by the server.
    sendForm(start.form)
    return 'left'
  }
  if (start.h5_url) {
    location.href = cashierAddress(start.h5_url, hereAddress(back))
    return 'left'
  }
  // #endif
  return 'asked'
}

/** Asks for the money of an order. */
export async function payOrder(orderId: string, method: PayMethod): Promise<PayEnd> {
  return carryOut(await shopApi.pay(orderId, method), `/buy/pay/index?id=${orderId}&back=1`)
}
