// The server keeps a product's story as HTML; the merchant writes plain text with empty lines between paragraphs.

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' }
const unescape = (text: string) => text.replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => ENTITIES[name]!)

/** Paragraphs and line breaks only: the text the merchant typed. Anything richer stays as it is, or saving would lose it. */
export function editableDescription(html: string): string {
  if (/<(?!\/?(p|br)\s*\/?>)[a-z/!]/i.test(html)) return html
  const text = textOfDescription(html)
  return /<[a-z/!]/i.test(text) ? html : text // What would be read as a tag stays escaped.
}

/** What a reader sees of it, without tags. */
export function textOfDescription(html: string): string {
  if (!/<\/?[a-z][^>]*>/i.test(html)) return unescape(html)
  const text = html
    .replace(/\s*\n\s*/g, ' ')
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/<\/(p|div|h\d|li|tr|ul|ol|table|blockquote)>/gi, '\n\n')
    .replace(/<[^>]+>/g, '')
  return unescape(text).replace(/ *\n */g, '\n').replace(/\n{3,}/g, '\n\n').trim()
}
