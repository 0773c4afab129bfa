// Up to three specs span the SKUs of a product. Changing a spec must not lose what was typed
// for the combinations that remain, so rows are matched by their values, never by position.

export const MAX_SPECS = 3
export const MAX_SKUS = 200

/** English words stand beside the Chinese ones: `values_en` by place, short or '' where there is none. */
export interface Spec {
  name: string
  values: string[]
  name_en?: string
  values_en?: string[]
}
export interface SkuRow {
  id: string
  spec_values: string[]
  code: string
  price_minor: number | null
  list_price_minor: number | null
  cost_minor: number | null
  stock: number | null
  /** What freight by weight counts. */
  weight_g: number | null
}
export type SkuField = 'code' | 'price_minor' | 'list_price_minor' | 'cost_minor' | 'stock' | 'weight_g'

const key = (values: readonly string[]) => JSON.stringify(values)

function usable(s: Spec): Required<Spec> {
  const english = new Map<string, string>()
  s.values.forEach((v, i) => {
    if (v.trim() && !english.has(v.trim())) english.set(v.trim(), (s.values_en?.[i] ?? '').trim())
  })
  const words = [...english.values()]
  return { name: s.name.trim(), values: [...english.keys()], name_en: (s.name_en ?? '').trim(), values_en: words.some(Boolean) ? words : [] }
}

/** Specs with a name and at least one value; blanks and repeats are left out. */
export function usableSpecs(specs: readonly Spec[]): Required<Spec>[] {
  return specs
    .map(usable)
    .filter((s) => s.name && s.values.length)
    .slice(0, MAX_SPECS)
}

export function combinations(specs: readonly Spec[]): string[][] {
  return usableSpecs(specs).reduce<string[][]>((rows, s) => rows.flatMap((row) => s.values.map((v) => [...row, v])), [[]])
}

export function rebuildMatrix(specs: readonly Spec[], before: readonly SkuRow[], makeId: () => string): SkuRow[] {
  const known = new Map(before.map((r) => [key(r.spec_values), r]))
  const wanted = combinations(specs)
  // A new spec with one value renames nothing a merchant sees: keep the rows by their common beginning.
  const byPrefix = (values: string[]) => before.find((r) => r.spec_values.length < values.length && r.spec_values.every((v, i) => v === values[i]))
  const taken = new Set<string>()
  return wanted.map((values) => {
    const same = known.get(key(values)) ?? byPrefix(values)
    if (same && !taken.has(same.id)) {
      taken.add(same.id)
      return { ...same, spec_values: values }
    }
    return {
      id: makeId(), spec_values: values, code: '',
      price_minor: same?.price_minor ?? null, list_price_minor: same?.list_price_minor ?? null, cost_minor: same?.cost_minor ?? null, stock: null, weight_g: same?.weight_g ?? null,
    }
  })
}

/** Writes the given fields into every row whose spec values match the filter (null = any). */
export function fillMatrix(rows: readonly SkuRow[], filter: readonly (string | null)[], values: Partial<Pick<SkuRow, SkuField>>): SkuRow[] {
  return rows.map((r) => (filter.every((want, i) => want == null || r.spec_values[i] === want) ? { ...r, ...values } : r))
}

export type SkuFault = { row: number; field: SkuField; reason: 'missing' | 'repeated' | 'negative' | 'list_below_price' }

export function matrixFaults(rows: readonly SkuRow[]): SkuFault[] {
  const faults: SkuFault[] = []
  const codes = new Map<string, number>()
  rows.forEach((r, row) => {
    if (r.price_minor == null) faults.push({ row, field: 'price_minor', reason: 'missing' })
    else if (r.price_minor < 0) faults.push({ row, field: 'price_minor', reason: 'negative' })
    if (r.stock == null) faults.push({ row, field: 'stock', reason: 'missing' })
    else if (r.stock < 0) faults.push({ row, field: 'stock', reason: 'negative' })
    if (r.list_price_minor != null && r.price_minor != null && r.list_price_minor < r.price_minor) faults.push({ row, field: 'list_price_minor', reason: 'list_below_price' })
    const code = r.code.trim()
    if (!code) return
    if (codes.has(code)) faults.push({ row, field: 'code', reason: 'repeated' })
    codes.set(code, row)
  })
  return faults
}
