import { expect, test } from 'vitest'
import { placeOf, readAddress, regionsUnder } from '@/lib/region'

test('provinces, cities and districts by code', () => {
  expect(regionsUnder().map((one) => one.name)).toContain('浙江省')
  expect(regionsUnder('330000').map((one) => one.name)).toContain('杭州市')
  expect(regionsUnder('330100').map((one) => one.code)).toContain('330106')
  expect(placeOf('330106')).toEqual({ province: '浙江省', city: '杭州市', district: '西湖区', region_code: '330106' })
})

test('a pasted address is read', () => {
  expect(readAddress('林小满 138 0013 8000 浙江省杭州市西湖区文三路 398 号')).toEqual({
    name: '林小满',
    phone: '13800138000',
    province: '浙江省',
    city: '杭州市',
    district: '西湖区',
    region_code: '330106',
    street: '文三路 398 号',
  })
})

test('a city that is its own province needs no second name', () => {
  const found = readAddress('收货人：王大山，电话：13912345678，地址：北京朝阳区望京街10号')
  expect(found).toMatchObject({ name: '王大山', phone: '13912345678', region_code: '110105', street: '望京街10号' })
})

test('what is not found is left out', () => {
  expect(readAddress('你好')).toEqual({ name: '你好' })
  expect(readAddress('13912345678')).toEqual({ phone: '13912345678' })
  expect(readAddress('')).toEqual({})
})
