// Files a merchant opens in a spreadsheet: UTF-8 with a mark, and no cell that runs as a formula.

const risky = /^[=+\-@\t\r]/
const number = /^-?\d+(\.\d+)?$/

export function csvCell(value: unknown): string {
  let text = value == null ? '' : String(value)
  if (risky.test(text) && !number.test(text)) text = `'${text}`
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
}

export const toCsv = (rows: readonly (readonly unknown[])[]): string => `\ufeff${rows.map((r) => r.map(csvCell).join(',')).join('\r\n')}\r\n`

export function saveFile(name: string, content: BlobPart, type = 'text/csv;charset=utf-8'): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const a = document.createElement('a')
  a.href = url
  a.download = name
  a.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
