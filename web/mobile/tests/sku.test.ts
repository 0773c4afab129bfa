import { expect, test } from 'vitest'
import { canChoose, choose, chosenSku, firstChoice } from '@/lib/sku'

const specs = [
  { name: '规格', values: ['小', '大'] },
  { name: '口味', values: ['原味', '辣'] },
]
const skus = [
  { id: '1', spec_values: ['小', '原味'], available: 5 },
  { id: '2', spec_values: ['小', '辣'], available: 0 },
  { id: '3', spec_values: ['大', '原味'], available: 2 },
]

test('a sku is chosen once every spec has a value', () => {
  expect(chosenSku(skus, ['小', ''])).toBeUndefined()
  expect(chosenSku(skus, ['大', '原味'])?.id).toBe('3')
  expect(chosenSku(skus, ['大', '辣'])).toBeUndefined()
})

test('what is sold out, or was never made, cannot be chosen', () => {
  expect(canChoose(skus, ['', ''], 1, '辣')).toBe(false)
  expect(canChoose(skus, ['小', ''], 1, '原味')).toBe(true)
  expect(canChoose(skus, ['大', ''], 1, '辣')).toBe(false)
})

test('another value of the same spec can be chosen although one is chosen already', () => {
  expect(canChoose(skus, ['小', '原味'], 0, '大')).toBe(true)
})

test('the same value again takes the choice back', () => {
  expect(choose(['小', ''], 0, '小')).toEqual(['', ''])
  expect(choose(['小', ''], 0, '大')).toEqual(['大', ''])
})

test('a single possibility needs no question', () => {
  expect(firstChoice(specs, [skus[0], skus[1]])).toEqual(['小', '原味'])
  expect(firstChoice([{ name: '规格', values: ['一'] }, specs[1]], skus)).toEqual(['一', ''])
  const plain = [{ id: '9', spec_values: [], available: 3 }]
  expect(chosenSku(plain, firstChoice([], plain))?.id).toBe('9')
})
