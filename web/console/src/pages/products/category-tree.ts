import type { Category } from '@/api/goods'
import { locale } from '@/i18n'

export interface CategoryNode {
  value: string
  label: string
  raw: Category
  children: CategoryNode[]
}

/** What the reader of this console calls it. */
export const categoryName = (c: Category): string => (locale.value === 'en' && c.name_en) || c.name

/** Flat rows → tree by position; a row whose parent is missing stands at the top rather than vanish. */
export function categoryTree(rows: readonly Category[]): CategoryNode[] {
  const nodes = new Map(rows.map((r) => [r.id, { value: r.id, label: categoryName(r), raw: r, children: [] as CategoryNode[] }]))
  const top: CategoryNode[] = []
  for (const n of [...nodes.values()].sort((a, b) => a.raw.position - b.raw.position || a.label.localeCompare(b.label))) {
    const parent = n.raw.parent_id ? nodes.get(n.raw.parent_id) : undefined
    ;(parent && parent !== n ? parent.children : top).push(n)
  }
  return top
}
