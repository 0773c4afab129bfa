// Paying: what the place we run in can do, and doing it. The truth about the money comes from the server afterwards.
import { shopApi } from '@/api/shop'
import type { PayMethod, PayStart } from '@/api/types'
import { hereAddress } from './entry'
import { isMiniProgram, isWeChatBrowser } from './system'

export type PayEnd = 'asked' | 'cancelled' | 'left'

export const payMethod = (): PayMethod => (isMiniProgram ? 'mini' : isWeChatBrowser() ? 'jsapi' : 'h5')

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

/** Asks for the money of an order. `left` means that the cashier's page takes over. */
export async function payOrder(orderId: string): Promise<PayEnd> {
  const start = await shopApi.pay(orderId, payMethod())
  if (start.jsapi) return payInside(start.jsapi)
  // #ifdef H5
  if (start.h5_url) {
    location.href = cashierAddress(start.h5_url, hereAddress(`/buy/pay/index?id=${orderId}&back=1`))
    return 'left'
  }
  // #endif
  return 'asked'
}
