// The name of the page, where the browser or WeChat shows one.
import { onShow } from '@dcloudio/uni-app'
import { watch } from 'vue'
import { session } from '@/state/session'

/** Says the page's name when it is shown and when it changes; the shop's name where there is no other. */
export function useTitle(name: () => string | undefined): void {
  const tell = () => {
    const title = name() || session.shop?.name
    if (title) uni.setNavigationBarTitle({ title, fail: () => undefined })
  }
  onShow(tell)
  watch(name, tell)
}
