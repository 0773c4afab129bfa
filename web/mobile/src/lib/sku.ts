// Choosing one SKU out of several specs: which values can still be taken, and what is chosen by that.

export interface SpecLike {
  name: string
  values: readonly string[]
}
export interface SkuLike {
  id: string
  /** One value per spec, in the order of the specs. */
  spec_values: readonly string[]
  available: number
}
/** One entry per spec; '' where nothing is chosen yet. */
export type Choice = readonly string[]

const fits = (sku: SkuLike, choice: Choice) => choice.every((value, i) => !value || sku.spec_values[i] === value)

/** The SKU that is meant, once every spec has a value. */
export function chosenSku<S extends SkuLike>(skus: readonly S[], choice: Choice): S | undefined {
  if (choice.some((value) => !value)) return undefined
  return skus.find((sku) => fits(sku, choice))
}

/** Whether a value of a spec still leads to something in stock, the other choices kept. */
export function canChoose(skus: readonly SkuLike[], choice: Choice, spec: number, value: string): boolean {
  const wanted = choice.map((chosen, i) => (i === spec ? value : chosen))
  return skus.some((sku) => sku.available > 0 && fits(sku, wanted))
}

/** The choice after a tap: the same value again takes it back. */
export function choose(choice: Choice, spec: number, value: string): string[] {
  return choice.map((chosen, i) => (i === spec ? (chosen === value ? '' : value) : chosen))
}

/** A single possibility needs no question. */
export function firstChoice(specs: readonly SpecLike[], skus: readonly SkuLike[]): string[] {
  const inStock = skus.filter((sku) => sku.available > 0)
  if (inStock.length === 1) return [...inStock[0].spec_values]
  return specs.map((spec) => (spec.values.length === 1 ? spec.values[0] : ''))
}
