import { describe, expect, it } from 'vitest'
import { csvCell, toCsv } from '@/lib/csv'
import { categoryTree } from '@/pages/products/category-tree'
import { guessCourier } from '@/pages/orders/couriers'

describe('exported files', () => {
  it('quote what needs it and never carry a formula', () => {
    expect(csvCell('a,"b"')).toBe('"a,""b"""')
    expect(csvCell('=1+1')).toBe("'=1+1")
    expect(csvCell('@SUM(A1)')).toBe("'@SUM(A1)")
    expect(csvCell('-19.99')).toBe('-19.99')
    expect(csvCell(null)).toBe('')
  })
  it('open in a spreadsheet as UTF-8', () => {
    expect(toCsv([['商品', '价格'], ['龙井', 198]])).toBe('\ufeff商品,价格\r\n龙井,198\r\n')
  })
})

describe('categories', () => {
  it('become a tree in their order; one without its parent stays visible', () => {
    const row = (id: string, parent_id: string | null, position: number) => ({ id, parent_id, position, name: id, name_en: '', icon_media_id: null, icon_url: null, products_count: 0 })
    const tree = categoryTree([row('b', null, 1), row('a', null, 0), row('a1', 'a', 0), row('lost', 'gone', 9)])
    expect(tree.map((n) => n.value)).toEqual(['a', 'b', 'lost'])
    expect(tree[0]!.children.map((n) => n.value)).toEqual(['a1'])
  })
})

describe('couriers', () => {
  it('are guessed from the shape of a number, and only then', () => {
    expect(guessCourier('SF1402390017284')).toBe('sf')
    expect(guessCourier('YT2298765432101')).toBe('yto')
    expect(guessCourier('JT5123456789012')).toBe('jtsd')
    expect(guessCourier('123')).toBeUndefined()
  })
})
