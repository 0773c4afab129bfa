// The transport of browsers.
import type { Transport } from './index'

export function fetchTransport(base = '', extra: () => Record<string, string> = () => ({})): Transport {
  return async ({ method, url, headers, body }) => {
    const plain = body !== undefined && !(body instanceof FormData) && !(body instanceof Blob)
    try {
      const reply = await fetch(base + url, {
        method,
        headers: { ...headers, ...(plain ? { 'content-type': 'application/json' } : {}), ...extra() },
        body: plain ? JSON.stringify(body) : (body as BodyInit | undefined),
        credentials: 'same-origin',
      })
      const raw = await reply.text()
      const json = /json/.test(reply.headers.get('content-type') ?? '')
      return { status: reply.status, data: raw && json ? JSON.parse(raw) : raw || undefined, headers: Object.fromEntries(reply.headers) }
    } catch {
      return { status: 0, data: undefined }
    }
  }
}
