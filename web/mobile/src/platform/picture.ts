// A picture that is asked for like any other call, with our headers: an <img> cannot send them.
import { callHeaders, mediaUrl } from '@/api/http'

/** An address the page can show: a data address in H5 (WeChat keeps those by a long press), a file in the mini-program. */
export function fetchPicture(path: string): Promise<string> {
  // #ifdef H5
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('GET', mediaUrl(path))
    for (const [name, value] of Object.entries(callHeaders())) request.setRequestHeader(name, value)
    request.responseType = 'blob'
    request.onload = () => {
      if (request.status !== 200) return reject(new Error(String(request.status)))
      const reader = new FileReader()
      reader.onload = () => resolve(String(reader.result))
      reader.onerror = () => reject(reader.error)
      reader.readAsDataURL(request.response as Blob)
    }
    request.onerror = () => reject(new Error('offline'))
    request.send()
  })
  // #endif
  // #ifndef H5
  return new Promise((resolve, reject) =>
    uni.downloadFile({
      url: mediaUrl(path),
      header: callHeaders(),
      success: (result) =>
        result.statusCode === 200 ? resolve(result.tempFilePath) : reject(new Error(String(result.statusCode))),
      fail: (error) => reject(new Error(error.errMsg)),
    }),
  )
  // #endif
}
