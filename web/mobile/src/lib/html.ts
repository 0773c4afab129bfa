// The description of a product, made fit for <rich-text>. The server has cleaned it; here pictures get our addresses
// and a width, and whatever could still run or load from elsewhere is left out.

const GONE = /<(script|style|iframe|object|embed|form)\b[\s\S]*?<\/\1>|<(script|style|iframe|object|embed|link|meta)\b[^>]*>/gi

export function safeHtml(html: string, mediaUrl: (path: string) => string): string {
  return html
    .replace(GONE, '')
    .replace(/\son\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, '')
    .replace(/<img\b[^>]*>/gi, (tag) => {
      const source = /\ssrc\s*=\s*["']([^"']+)["']/i.exec(tag)?.[1] ?? ''
      const ours = /^\/(?!\/)/.test(source)
      const alt = /\salt\s*=\s*["']([^"']*)["']/i.exec(tag)?.[1] ?? ''
      return ours ? `<img src="${mediaUrl(source)}" alt="${alt}" style="max-width:100%;display:block;border-radius:8px" />` : ''
    })
    .trim()
}
