// What the device says about itself.

export type Theme = 'light' | 'dark'

export function systemLanguage(): string {
  try {
    return uni.getLocale() || 'zh-CN'
  } catch {
    return 'zh-CN'
  }
}

export function systemTheme(): Theme {
  // #ifdef H5
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
  // #endif
  // #ifndef H5
  return uni.getAppBaseInfo?.().theme === 'dark' ? 'dark' : 'light'
  // #endif
}

export function onSystemTheme(told: (theme: Theme) => void): void {
  // #ifdef H5
  window
    .matchMedia('(prefers-color-scheme: dark)')
    .addEventListener('change', (event) => told(event.matches ? 'dark' : 'light'))
  // #endif
  // #ifndef H5
  uni.onThemeChange?.((result) => told(result.theme === 'dark' ? 'dark' : 'light'))
  // #endif
}

/** Outside our root view: the browser's own surfaces and the area behind an over-scrolled page. */
export function paintOutside(theme: Theme, language: string): void {
  // #ifdef H5
  const root = document.documentElement
  root.classList.toggle('theme-dark', theme === 'dark')
  root.classList.toggle('theme-light', theme === 'light')
  root.style.colorScheme = theme
  root.lang = language
  // #endif
  // #ifndef H5
  const colour = theme === 'dark' ? '#131110' : '#f6f3f1'
  uni.setBackgroundColor?.({ backgroundColor: colour, backgroundColorTop: colour, backgroundColorBottom: colour })
  void language
  // #endif
}

export interface Insets {
  /** Height of the status bar, px. */
  top: number
  /** Width the WeChat capsule takes at the right, px; 0 in H5. */
  right: number
}

export function insets(): Insets {
  // #ifdef MP-WEIXIN
  const bar = uni.getWindowInfo?.()
  const capsule = uni.getMenuButtonBoundingClientRect?.()
  return {
    top: bar?.statusBarHeight ?? 20,
    right: capsule && bar ? Math.max(0, bar.windowWidth - capsule.left) : 96,
  }
  // #endif
  // #ifndef MP-WEIXIN
  return { top: 0, right: 0 }
  // #endif
}

export const isMiniProgram: boolean =
  // #ifdef MP-WEIXIN
  true
// #endif
// #ifndef MP-WEIXIN
false
// #endif

/** Inside WeChat's own browser, where JSAPI pay works. */
export function isWeChatBrowser(): boolean {
  // #ifdef H5
  return /MicroMessenger/i.test(navigator.userAgent)
  // #endif
  // #ifndef H5
  return false
  // #endif
}

/** A browser of a desk: payment providers have other pages for it. */
export function isDesktop(): boolean {
  // #ifdef H5
  return !/Mobi|Android|iPhone|iPad/i.test(navigator.userAgent)
  // #endif
  // #ifndef H5
  return false
  // #endif
}
