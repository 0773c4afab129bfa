// Signing in with WeChat, in each of its two places.
import { shopApi } from '@/api/shop'
import { beginSession } from '@/state/session'
import { hereAddress } from './entry'

/** True when the reader is signed in now; in H5 the page is left and comes back. */
export async function signInWithWeChat(): Promise<boolean> {
  // #ifdef MP-WEIXIN
  const { code } = await new Promise<UniApp.LoginRes>((resolve, reject) =>
    uni.login({ provider: 'weixin', success: resolve, fail: reject }),
  )
  await beginSession(await shopApi.signInByMini(code))
  return true
  // #endif
  // #ifdef H5
  const { url } = await shopApi.weChatPage(hereAddress('/pages/me/index'))
  location.href = url
  return false
  // #endif
}
