// A picture that is asked for like any other call, with our headers: an <img> cannot send them.
import { callHeaders, mediaUrl } from '@/api/http'

/** An address the page can show: a data address in H5 (WeChat keeps those by a long press), a file in the mini-program. */
export async function fetchPicture(path: string): Promise<string> {
  const file = await new Promise<string>((resolve, reject) =>
    uni.downloadFile({
      url: mediaUrl(path),
      header: callHeaders(),
      success: (result) =>
        result.statusCode === 200 ? resolve(result.tempFilePath) : reject(new Error(String(result.statusCode))),
      fail: (error) => reject(new Error(error.errMsg)),
    }),
  )
  // #ifdef H5
  return asDataAddress(file)
  // #endif
  // #ifndef H5
  return file
  // #endif
}

// #ifdef H5
async function asDataAddress(blobAddress: string): Promise<string> {
  const blob = await new Promise<Blob>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('GET', blobAddress)
    request.responseType = 'blob'
    request.onload = () => resolve(request.response as Blob)
    request.onerror = () => reject(new Error('blob'))
    request.send()
  })
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}
// #endif
