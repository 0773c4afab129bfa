// Provinces, cities and districts by their six-digit code.
import { areaList } from '@vant/area-data'

export interface Region {
  code: string
  name: string
}

const named = (list: Record<string, string>): Region[] =>
  Object.entries(list)
    .map(([code, name]) => ({ code, name }))
    .sort((a, b) => a.code.localeCompare(b.code))

/** Provinces for '', cities for a province, districts for a city. A city without districts is its own district. */
export function regionsUnder(code = ''): Region[] {
  if (!code) return named(areaList.province_list)
  if (code.endsWith('0000')) return named(areaList.city_list).filter((one) => one.code.startsWith(code.slice(0, 2)))
  const below = named(areaList.county_list).filter((one) => one.code.startsWith(code.slice(0, 4)))
  return below.length ? below : [{ code, name: areaList.city_list[code] ?? '' }]
}

export interface Place {
  province: string
  city: string
  district: string
  region_code: string
}

export function placeOf(code: string): Place {
  return {
    province: areaList.province_list[`${code.slice(0, 2)}0000`] ?? '',
    city: areaList.city_list[`${code.slice(0, 4)}00`] ?? '',
    district: areaList.county_list[code] ?? areaList.city_list[code] ?? '',
    region_code: code,
  }
}
