// Pictures of the reader's own: chosen from the album or the camera, and sent to the shop.
import { callHeaders, mediaUrl } from '@/api/http'
import type { UploadedPicture } from '@/api/types'
import { t } from '@/i18n'
import { isMiniProgram } from '@/platform/system'

export interface ChosenPicture {
  /** Where the device keeps it. */
  path: string
  /** In a browser the file itself: reading it back by its address is what our page may not do. */
  file?: File
}

/** None when the reader changes her mind. */
export function choosePictures(most: number): Promise<ChosenPicture[]> {
  return new Promise((resolve) =>
    uni.chooseImage({
      count: most,
      sizeType: ['compressed'],
      success: (chosen) => {
        const paths = [chosen.tempFilePaths].flat()
        const files = [chosen.tempFiles].flat() as unknown[]
        resolve(paths.slice(0, most).map((path, i) => ({ path, file: isMiniProgram ? undefined : (files[i] as File) })))
      },
      fail: () => resolve([]),
    }),
  )
}

/** Refused with the server's own sentence. */
export function uploadPicture(chosen: ChosenPicture): Promise<UploadedPicture> {
  return new Promise((resolve, reject) => {
    const failed = (text = '') => reject(new Error(text || t('upload.failed')))
    uni.uploadFile({
      url: mediaUrl('/api/shop/media'),
      name: 'file',
      filePath: chosen.path,
      file: chosen.file,
      header: callHeaders(),
      timeout: 60000,
      success: (reply) => {
        try {
          const answer = JSON.parse(reply.data)
          if (reply.statusCode === 200) resolve(answer as UploadedPicture)
          else failed(answer.detail)
        } catch {
          failed()
        }
      },
      fail: () => failed(t('error.offline')),
    })
  })
}
