// How the reader came in: the address of the page, or what WeChat hands over at the start.

export interface Entry {
  shop?: string
  /** The code of the share that was opened. */
  share?: string
  /** The landing page has counted this visit already, under this visitor. */
  visitor?: string
  /** WeChat's answer after its sign-in page (H5 only). */
  weChat?: { code: string; state: string }
  /** True when the address already leads to a product, so that nothing needs to be opened. */
  atProduct: boolean
}

interface Launch {
  path?: string
  query?: Record<string, string>
}

/** `scene` of a mini-program code: the share code alone, or `s=…`. */
export function shareOfScene(scene: string | undefined): string | undefined {
  if (!scene) return undefined
  const text = decodeURIComponent(scene)
  const named = /(?:^|&)s=([^&]+)/.exec(text)
  if (named) return named[1]
  return /^[0-9A-Za-z]{10,32}$/.test(text) ? text : undefined
}

export function readEntry(launch: Launch = {}): Entry {
  const query = { ...(launch.query ?? {}) }
  // #ifdef H5
  for (const [name, value] of new URLSearchParams(location.search)) query[name] ??= value
  // #endif
  const path = launch.path ?? ''
  return {
    shop: query.shop || undefined,
    share: query.s || shareOfScene(query.scene),
    visitor: /^[0-9a-f-]{36}$/.test(query.v ?? '') ? query.v : undefined,
    weChat: query.code && query.state ? { code: query.code, state: query.state } : undefined,
    atProduct: path.includes('product'),
  }
}

/** Takes WeChat's one-time answer out of the address, so that a reload does not use it again. */
export function cleanAddress(): void {
  // #ifdef H5
  const url = new URL(location.href)
  for (const name of ['code', 'state', 's', 'v']) url.searchParams.delete(name)
  history.replaceState(history.state, '', url.toString())
  // #endif
}

/** The address of this page, for whoever sends the reader back. */
export function hereAddress(hash?: string): string {
  // #ifdef H5
  const url = new URL(location.href)
  if (hash) url.hash = hash
  return url.toString()
  // #endif
  // #ifndef H5
  return hash ?? ''
  // #endif
}
