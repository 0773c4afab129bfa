// Passing something on: the clipboard, the browser's own share menu, the album.
import { t } from '@/i18n'
import { say } from '@/lib/load'

export async function copyText(text: string, done: string): Promise<void> {
  // #ifdef H5
  let copied = false
  try {
    await navigator.clipboard.writeText(text)
    copied = true
  } catch {
    // No permission or no https: the old way.
    const area = document.createElement('textarea')
    area.value = text
    area.style.position = 'fixed'
    area.style.opacity = '0'
    document.body.appendChild(area)
    area.select()
    copied = document.execCommand('copy')
    area.remove()
  }
  say(copied ? done : t('share.copy_failed'))
  // #endif
  // #ifndef H5
  uni.setClipboardData({ data: text, showToast: false, success: () => say(done), fail: () => say(t('share.copy_failed')) })
  // #endif
}

/** The browser's own share menu. False when there is none. */
export async function shareByBrowser(title: string, text: string, url: string): Promise<boolean> {
  // #ifdef H5
  if (!('share' in navigator)) return false
  try {
    await navigator.share({ title, text, url })
  } catch {
    // Closed without choosing.
  }
  return true
  // #endif
  // #ifndef H5
  void [title, text, url]
  return false
  // #endif
}

/** Puts a picture into the album. In H5 the browser does that by a long press, or by a download on a computer. */
export async function savePicture(address: string, name: string): Promise<void> {
  // #ifdef H5
  if (window.matchMedia('(pointer: coarse)').matches) return say(t('poster.long_press'))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // #endif
  // #ifdef MP-WEIXIN
  try {
    await new Promise((success, fail) => uni.saveImageToPhotosAlbum({ filePath: address, success, fail }))
    say(t('poster.saved'))
  } catch {
    say(t('poster.not_saved'))
  }
  void name
  // #endif
}
