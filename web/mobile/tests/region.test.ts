import { expect, test } from 'vitest'
import { placeOf, regionsUnder } from '@/lib/region'

test('provinces, cities and districts by code', () => {
  expect(regionsUnder().map((one) => one.name)).toContain('浙江省')
  expect(regionsUnder('330000').map((one) => one.name)).toContain('杭州市')
  expect(regionsUnder('330100').map((one) => one.code)).toContain('330106')
  expect(placeOf('330106')).toEqual({ province: '浙江省', city: '杭州市', district: '西湖区', region_code: '330106' })
})
