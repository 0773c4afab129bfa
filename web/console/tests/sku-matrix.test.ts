import { describe, expect, it } from 'vitest'
import { combinations, fillMatrix, matrixFaults, rebuildMatrix, usableSpecs, type SkuRow } from '@/lib/sku-matrix'

let n = 0
const makeId = () => `id-${++n}`
const colour = { name: '颜色', values: ['红', '蓝'] }
const size = { name: '尺码', values: ['S', 'M', 'L'] }
const priced = (rows: SkuRow[]) => rows.map((r, i) => ({ ...r, price_minor: 1000 + i, stock: i, code: `C${i}` }))

describe('the SKU matrix', () => {
  it('is one row without specs, and the product of the values with them', () => {
    expect(combinations([])).toEqual([[]])
    expect(combinations([colour, size])).toHaveLength(6)
    expect(combinations([colour, size])[1]).toEqual(['红', 'M'])
  })
  it('leaves out blanks, repeats and a fourth spec', () => {
    const specs = usableSpecs([{ name: ' 颜色 ', values: ['红', ' 红 ', ''] }, { name: '', values: ['x'] }, size, { name: 'c', values: ['1'] }, { name: 'd', values: ['1'] }])
    expect(specs.map((s) => s.name)).toEqual(['颜色', '尺码', 'c'])
    expect(specs[0]!.values).toEqual(['红'])
  })
  it('keeps English words beside their values, whatever is left out', () => {
    const [spec] = usableSpecs([{ name: '口味', name_en: ' Flavour ', values: ['原味', '', '原味', '蒜香'], values_en: ['Plain', 'x', 'y'] }])
    expect(spec).toEqual({ name: '口味', name_en: 'Flavour', values: ['原味', '蒜香'], values_en: ['Plain', ''] })
    expect(usableSpecs([colour])[0]!.values_en).toEqual([])
  })
  it('keeps what was typed for every combination that remains', () => {
    const before = priced(rebuildMatrix([colour, size], [], makeId))
    const after = rebuildMatrix([{ ...colour, values: ['蓝', '绿'] }, size], before, makeId)
    expect(after).toHaveLength(6)
    expect(after[0]).toEqual({ ...before[3], spec_values: ['蓝', 'S'] })
    expect(after[3]!.price_minor).toBeNull()
  })
  it('hands prices down when a spec is added, but stock and code only once', () => {
    const before = priced(rebuildMatrix([colour], [], makeId))
    const after = rebuildMatrix([colour, size], before, makeId)
    expect(after.map((r) => r.price_minor)).toEqual([1000, 1000, 1000, 1001, 1001, 1001])
    expect(after.map((r) => r.stock)).toEqual([0, null, null, 1, null, null])
    expect(after.filter((r) => r.code)).toHaveLength(2)
    expect(new Set(after.map((r) => r.id)).size).toBe(6)
  })
  it('fills the rows a filter names and no others', () => {
    const rows = rebuildMatrix([colour, size], [], makeId)
    const filled = fillMatrix(rows, [null, 'M'], { price_minor: 500, stock: 7 })
    expect(filled.filter((r) => r.price_minor === 500).map((r) => r.spec_values)).toEqual([['红', 'M'], ['蓝', 'M']])
    expect(fillMatrix(rows, [null, null], { stock: 1 }).every((r) => r.stock === 1)).toBe(true)
  })
  it('names what is missing, repeated or upside down', () => {
    const rows = priced(rebuildMatrix([colour], [], makeId))
    expect(matrixFaults(rows)).toEqual([])
    expect(matrixFaults([{ ...rows[0]!, price_minor: null }])).toEqual([{ row: 0, field: 'price_minor', reason: 'missing' }])
    expect(matrixFaults([rows[0]!, { ...rows[1]!, code: 'C0' }])).toEqual([{ row: 1, field: 'code', reason: 'repeated' }])
    expect(matrixFaults([{ ...rows[0]!, list_price_minor: 1 }])[0]!.reason).toBe('list_below_price')
    expect(matrixFaults([{ ...rows[0]!, stock: -1 }])[0]!.reason).toBe('negative')
  })
})
