// The little of uni that the code under test asks for.
import { vi } from 'vitest'

const kept = new Map<string, unknown>()
vi.stubGlobal('uni', {
  getLocale: () => 'zh-Hans',
  getStorageSync: (key: string) => kept.get(key) ?? '',
  setStorageSync: (key: string, value: unknown) => kept.set(key, value),
  removeStorageSync: (key: string) => kept.delete(key),
  getAppBaseInfo: () => ({ theme: 'light' }),
  showToast: () => undefined,
  stopPullDownRefresh: () => undefined,
})
