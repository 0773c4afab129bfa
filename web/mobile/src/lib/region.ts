// Provinces, cities and districts by their six-digit code, and finding them in a pasted text.
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

export interface PastedAddress extends Partial<Place> {
  name?: string
  phone?: string
  street?: string
}

const SHORT = /(?:省|市|特别行政区|自治区|壮族自治区|回族自治区|维吾尔自治区|区|县)$/

function startOf(text: string, name: string): number {
  if (text.startsWith(name)) return name.length
  const short = name.replace(SHORT, '')
  return short.length >= 2 && text.startsWith(short) ? short.length : 0
}

/** Reads '张三 13800138000 浙江省杭州市西湖区文三路 1 号'. What is not found is left out; nothing is guessed. */
export function readAddress(pasted: string): PastedAddress {
  const found: PastedAddress = {}
  let text = pasted.replace(/收货人|收件人|姓名|联系人|电话|手机号?码?|详细地址|所在地区|地址|[:：]/g, ' ')
  const phone = /(?:\+?86)?[\s-]?(1[3-9]\d)[\s-]?(\d{4})[\s-]?(\d{4})/.exec(text)
  if (phone) {
    found.phone = phone[1] + phone[2] + phone[3]
    text = text.replace(phone[0], ' ')
  }
  const parts = text.split(/[\s,，;；|\n]+/).filter(Boolean)
  for (const [i, part] of parts.entries()) {
    for (const province of regionsUnder()) {
      const taken = startOf(part, province.name)
      if (!taken) continue
      let rest = [part.slice(taken), ...parts.slice(i + 1)].join(' ').trim()
      const sameName = regionsUnder(province.code).find((city) => startOf(rest, city.name))
      const only = regionsUnder(province.code)
      const city = sameName ?? (only.length <= 2 ? only.find((one) => one.name.replace(SHORT, '') === province.name.replace(SHORT, '')) : undefined)
      if (!city) continue
      rest = rest.slice(sameName ? startOf(rest, sameName.name) : 0).trim()
      const district = [...regionsUnder(city.code)].sort((a, b) => b.name.length - a.name.length).find((one) => startOf(rest, one.name))
      if (!district) continue
      Object.assign(found, placeOf(district.code))
      rest = rest.slice(startOf(rest, district.name)).trim()
      const before = parts.slice(0, i)
      const words = rest.split(' ').filter(Boolean)
      if (before.length) found.name = before[0]
      else if (words.length > 1 && /^[\u4e00-\u9fa5·]{2,4}$/.test(words[words.length - 1])) found.name = words.pop()
      found.street = words.join(' ')
      return found
    }
  }
  const name = parts.find((part) => /^[\u4e00-\u9fa5·]{2,4}$/.test(part))
  if (name) found.name = name
  return found
}
