// A file of the reader's own, brought to where they can keep it.
import { callHeaders, mediaUrl } from '@/api/http'
import { t } from '@/i18n'

/** Refused with a sentence. */
export function download(path: string, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = () => reject(new Error(t('download.failed')))
    uni.downloadFile({
      url: mediaUrl(path),
      header: callHeaders(),
      timeout: 60000,
      success: (reply) => {
        if (reply.statusCode !== 200) return failed()
        keep(reply.tempFilePath, name).then(resolve, failed)
      },
      fail: failed,
    })
  })
}

async function keep(address: string, name: string): Promise<void> {
  // #ifdef H5
  const link = document.createElement('a')
  link.href = address
  link.download = name
  document.body.appendChild(link)
  link.click()
  link.remove()
  // #endif
  // #ifndef H5
  await keepInWeChat(address, name)
  // #endif
}

/** WeChat opens what it can read; anything else is sent on to a chat, such as the reader's own file box. */
export function keepInWeChat(filePath: string, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = { success: () => resolve(), fail: reject }
    if (name.endsWith('.pdf')) uni.openDocument({ filePath, showMenu: true, ...done })
    else wx.shareFileMessage({ filePath, fileName: name, ...done })
  })
}
