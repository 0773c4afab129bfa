// The console's one way to the server: Bearer token of this tab, the reader's language, a lost session told once.
import { createClient } from '@weike/client'
import { fetchTransport } from '@weike/client/fetch'
import { locale } from '@/i18n'

const KEEP = 'weike.console.token'

/** Kept per tab: closing the tab forgets it, and two shops can be open side by side. */
export const token = {
  get: (): string | null => sessionStorage.getItem(KEEP),
  set: (value: string): void => sessionStorage.setItem(KEEP, value),
  clear: (): void => sessionStorage.removeItem(KEEP),
}

/** Filters as a list page has them: texts from its form and its address, checked by the server. */
export type ListQuery = Record<string, unknown>

let onSignedOut: () => void = () => undefined
export function whenSignedOut(then: () => void): void {
  onSignedOut = then
}

function headers(): Record<string, string> {
  const kept = token.get()
  return { 'accept-language': locale.value, ...(kept ? { authorization: `Bearer ${kept}` } : {}) }
}

const send = fetchTransport('', headers)
export const api = createClient(async (call) => {
  const reply = await send(call)
  if (reply.status === 401 && !/\/sign-(in|up)$/.test(call.url)) onSignedOut()
  return reply
})

/** A file of the server (CSV, XLSX): the token travels in a header, so a plain link would not do. */
export async function download(url: string, name: string): Promise<void> {
  const { saveFile } = await import('@/lib/csv')
  const { ApiError, problemFrom } = await import('@weike/client')
  const reply = await fetch(url, { headers: headers() }).catch(() => null)
  if (!reply?.ok) throw new ApiError(problemFrom(reply?.status ?? 0, await reply?.text()))
  saveFile(name, await reply.blob(), reply.headers.get('content-type') ?? undefined)
}

/** Uploads with progress, which `fetch` cannot tell. */
export function upload<T>(url: string, file: Blob, name: string, onProgress?: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const form = new FormData()
    form.append('file', file, name)
    const request = new XMLHttpRequest()
    request.open('POST', url)
    for (const [key, value] of Object.entries(headers())) request.setRequestHeader(key, value)
    request.upload.onprogress = (e) => e.lengthComputable && onProgress?.(e.loaded / e.total)
    request.onloadend = () => {
      void import('@weike/client').then(({ ApiError, problemFrom }) => {
        if (request.status >= 200 && request.status < 300) return resolve(JSON.parse(request.responseText) as T)
        if (request.status === 401) onSignedOut()
        reject(new ApiError(problemFrom(request.status, request.responseText)))
      })
    }
    request.send(form)
  })
}
