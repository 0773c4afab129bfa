// Reads a pasted text such as '张三 13800138000 广东省深圳市南山区科技园1号'. Pure; what is not found is left out, nothing is guessed.
import { placeOf, regionsUnder, type Place, type Region } from './region'

export interface PastedAddress extends Partial<Place> {
  name?: string
  phone?: string
  street?: string
}

const NAME_LABELS = '收货人姓名|收件人姓名|收货人|收件人|联系人|姓名|名字|name|receiver|contact'
const OTHER_LABELS = '手机号码|联系电话|联系方式|收货电话|电话号码|手机号|手机|电话|收货地址|收件地址|详细地址|所在地区|所在地址|配送地址|街道地址|省市区|地区|地址|邮政编码|邮编|address|mobile|phone|tel|region|postcode|zip'
/** Where a phone number stood: who is named beside it is the receiver. */
const PHONE = '\u0001'
const GAP = /[\s,;|/、]+/
const GAPS_BEFORE = /^[\s,;:|/、>\-—_·.]+/
/** After the short name of a district these go on as the name of something else: 西湖大道 is no 西湖区. */
const GOES_ON = /^(?:大道|大街|大厦|大学|中路|东路|西路|南路|北路|路|街|巷|站|公园|花园|广场|小区|医院)/
const PROVINCE_ENDS = /(?:特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|省|市)$/
const CITY_ENDS = /(?:市|地区|盟|林区|自治州)$/
const PEOPLES = /(?:蒙古族|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|羌族|柯尔克孜族?|蒙古|各族)+(?=自治|$)/
const DISTRICT_ENDS = /(?:自治县|自治旗|新区|矿区|林区|区|县|市|旗|镇)$/
const HOUSE = /[路街巷弄号室楼栋座苑府厦院里层村组队庄湾]|单元|小区|花园|广场|公寓|中心|大厦|学校|大学|公司/
const PERSON = /^[\u4e00-\u9fa5]{2,4}$|^[\u4e00-\u9fa5]{1,4}·[\u4e00-\u9fa5]{1,8}$|^[\u4e00-\u9fa5]{1,3}(?:先生|女士|小姐|老师|阿姨|叔叔|同学|师傅|经理)$/
const LATIN = /^[A-Za-z][A-Za-z.'-]{1,20}$/

/** Full-width letters, digits and marks as plain ones; brackets and bars as gaps. */
function plain(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00a0\t]/g, ' ')
    .replace(/[，。；]/g, ',')
    .replace(/[\u200b-\u200f\u202a-\u202e\ufeff]/g, '')
}

const starts = (text: string, name: string): number => (name && text.startsWith(name) ? name.length : 0)

function provinceAt(text: string): [Region, number] | null {
  for (const one of regionsUnder()) {
    const taken = starts(text, one.name) || starts(text, one.name.replace(PROVINCE_ENDS, ''))
    if (taken) {
      const rest = text.slice(taken)
      return [one, taken + (/^(?:省|市)(?!场|中心|政府)/.test(rest) ? 1 : 0)]
    }
  }
  return null
}

function shortOf(name: string, ends: RegExp): string {
  const short = name.replace(ends, '').replace(PEOPLES, '')
  return short.length >= 2 && short !== name ? short : ''
}

/** The longest name that fits: full names first, then short ones that do not go on as something else. */
function oneOf(text: string, among: Region[], ends: RegExp): [Region, number] | null {
  let best: [Region, number] | null = null
  for (const one of among) {
    const taken = starts(text, one.name)
    if (taken > (best?.[1] ?? 0)) best = [one, taken]
  }
  if (best) return best
  for (const one of among) {
    const taken = starts(text, shortOf(one.name, ends))
    if (taken > (best?.[1] ?? 0) && !GOES_ON.test(text.slice(taken))) best = [one, taken]
  }
  return best
}

let cities: Region[] | null = null
const allCities = (): Region[] => (cities ??= regionsUnder().flatMap((one) => regionsUnder(one.code)).filter((one) => one.name.length > 1))

function skip(text: string, at: number): number {
  return at + (GAPS_BEFORE.exec(text.slice(at))?.[0].length ?? 0)
}

/** A place that begins exactly here, and where it ends. */
function placeAt(text: string, from: number): [Place, number] | null {
  let at = from
  const province = provinceAt(text.slice(at))
  if (province) at = skip(text, at + province[1])
  // '北京市北京市朝阳区', '上海 上海市': the second name is the city's.
  const city = oneOf(text.slice(at), province ? regionsUnder(province[0].code).filter((one) => one.name.length > 1) : allCities(), CITY_ENDS)
  if (city) {
    const after = skip(text, at + city[1])
    const under = regionsUnder(city[0].code)
    if (under.length === 1 && under[0]!.code === city[0].code) return [placeOf(city[0].code), after]
    const district = oneOf(text.slice(after), under, DISTRICT_ENDS)
    if (district) return [placeOf(district[0].code), skip(text, after + district[1])]
  }
  if (!province) return null
  // The city is left out, or there is none to name: a district whose name is the province's only one.
  const below = regionsUnder(province[0].code).flatMap((one) => regionsUnder(one.code))
  const district = oneOf(text.slice(at), below, DISTRICT_ENDS)
  if (!district || below.filter((one) => one.name === district[0].name).length !== 1) return null
  return [placeOf(district[0].code), skip(text, at + district[1])]
}

function findPlace(text: string): { place: Place; from: number; to: number } | null {
  for (let from = 0; from < text.length; from++) {
    const found = placeAt(text, from)
    if (found) return { place: found[0], from, to: found[1] }
  }
  return null
}

const isPerson = (word: string): boolean => PERSON.test(word) && !HOUSE.test(word)

/** Somebody's name among words: beside the phone number, else the first (or the last) that looks like one. */
function personIn(words: string[], order: 'first' | 'last'): number {
  const phone = words.indexOf(PHONE)
  const beside = phone < 0 ? [] : [phone - 1, phone + 1]
  const all = words.map((_, i) => i)
  for (const i of [...beside, ...(order === 'first' ? all : all.reverse())]) {
    const word = words[i]
    if (word && (isPerson(word) || LATIN.test(word))) return i
  }
  return -1
}

export function readAddress(pasted: string): PastedAddress {
  const found: PastedAddress = {}
  let text = plain(pasted)
  const named = new RegExp(`(?:^|[\\s,;|])(?:${NAME_LABELS})\\s*[:=]?\\s*([^\\s,;:|\\d]{2,20})`, 'i').exec(text)
  if (named && !new RegExp(`^(?:${OTHER_LABELS})`, 'i').test(named[1]!)) {
    found.name = named[1]!.replace(new RegExp(`(?:${OTHER_LABELS})$`, 'i'), '')
    text = text.replace(named[0], ' ')
  }
  text = text.replace(new RegExp(`(?:邮政编码|邮编|postcode|zip)\\s*[:=]?\\s*\\d{6}`, 'i'), ' ')
  text = text.replace(new RegExp(`(?:${NAME_LABELS}|${OTHER_LABELS})\\s*[:=]`, 'gi'), ' ')
  text = text.replace(new RegExp(`(^|[\\s,;|])(?:${NAME_LABELS}|${OTHER_LABELS})(?=[\\s,;|]|\\+?\\d)`, 'gi'), '$1')
  // No lookbehind: phones of some years ago cannot read one.
  const phone = /(^|[^\d+])(?:\(?(?:\+|00)?86\)?[\s-]*)?(1[3-9]\d)[\s-]?(\d{4})[\s-]?(\d{4})(?!\d)/.exec(text)
  if (phone) {
    found.phone = phone[2]! + phone[3]! + phone[4]!
    text = text.replace(phone[0], `${phone[1]} ${PHONE} `)
  }
  // A landline is no number we can text to.
  text = text.replace(/(^|\D)\(?0\d{2,3}\)?[\s-]?\d{7,8}(?!\d)/, '$1 ')

  const at = findPlace(text)
  const wordsOf = (part: string) => part.split(GAP).map((one) => one.replace(/^[:\-—]+|[:\-—.]+$/g, '')).filter((one) => one && !/^\d{6}$/.test(one))
  if (!at) {
    const words = wordsOf(text)
    const i = found.name ? -1 : personIn(words, 'first')
    if (i >= 0) found.name = words[i]!
    return found
  }
  Object.assign(found, at.place)
  const before = wordsOf(text.slice(0, at.from))
  const after = wordsOf(text.slice(at.to))
  if (!found.name) {
    const i = personIn(before, 'first')
    // A Latin name may have several words.
    if (i >= 0) found.name = LATIN.test(before[i]!) ? before.filter((one) => LATIN.test(one)).join(' ') : before[i]!
  }
  if (!found.name) {
    const phoneAt = after.indexOf(PHONE)
    const i = phoneAt >= 0 || after.length > 1 ? personIn(after, 'last') : -1
    // The first word behind the region is the street, whatever it looks like.
    if (i > 0) found.name = after.splice(i, 1)[0]!
  }
  const street = after.filter((one) => one !== PHONE).join(' ').trim()
  if (street) found.street = street
  return found
}
