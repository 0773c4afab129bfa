// The administrative divisions as the server counts them: prefixes of the six-digit code.
import { areaList } from '@vant/area-data'

// A type, not an interface: Element Plus wants options with any further fields.
export type RegionNode = {
  value: string
  label: string
  children?: RegionNode[]
}

const entries = (list: Record<string, string>) => Object.entries(list).sort(([a], [b]) => a.localeCompare(b))

let tree: RegionNode[] | null = null

/** Provinces (2 digits), cities (4), districts (6). A city without districts has none below it. */
export function regionTree(): RegionNode[] {
  if (tree) return tree
  const districts = new Map<string, RegionNode[]>()
  for (const [code, label] of entries(areaList.county_list)) {
    const city = code.slice(0, 4)
    districts.set(city, [...(districts.get(city) ?? []), { value: code, label }])
  }
  const cities = new Map<string, RegionNode[]>()
  for (const [code, label] of entries(areaList.city_list)) {
    const province = code.slice(0, 2)
    const below = districts.get(code.slice(0, 4))
    cities.set(province, [...(cities.get(province) ?? []), { value: code.slice(0, 4), label, ...(below ? { children: below } : {}) }])
  }
  tree = entries(areaList.province_list).map(([code, label]) => ({ value: code.slice(0, 2), label, children: cities.get(code.slice(0, 2)) }))
  return tree
}

/** '4403' → '广东 深圳'; a city of its own province is named once. */
export function regionName(prefix: string): string {
  const short = (name: string) => name.replace(/(?:省|市|特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区)$/, '')
  const province = areaList.province_list[`${prefix.slice(0, 2)}0000`]
  const city = prefix.length >= 4 ? areaList.city_list[`${prefix.slice(0, 4)}00`] : undefined
  const district = prefix.length === 6 ? areaList.county_list[prefix] : undefined
  if (!province) return prefix
  const names = [short(province), ...(city && city !== province ? [short(city)] : []), ...(district ? [district] : [])]
  return names.join(' ')
}

/** The full code of a place, for the server's example: a province or city stands for its first district. */
export function fullCode(prefix: string): string {
  if (prefix.length === 6) return prefix
  const first = entries(areaList.county_list).find(([code]) => code.startsWith(prefix))
  return first ? first[0] : prefix.padEnd(5, '0') + '1'
}
