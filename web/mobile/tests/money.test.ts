import { mount } from '@vue/test-utils'
import { describe, expect, test } from 'vitest'
import XPrice from '@/components/x-price.vue'
import { amount, percent, price, priceParts, shortCount, yuan } from '@/lib/money'
import { prefs } from '@/state/prefs'

describe('a price', () => {
  test.each([
    [2990, '¥29.9'],
    [19800, '¥198'],
    [990, '¥9.9'],
    [5, '¥0.05'],
    [0, '¥0'],
    [1000010, '¥10,000.1'],
  ])('%i fen is set as %s', (minor, text) => {
    expect(mount(XPrice, { props: { minor } }).text()).toBe(text)
  })

  test('says from which price on as each language does', () => {
    expect(mount(XPrice, { props: { minor: 2790, from: true } }).text()).toBe('¥27.9起')
    prefs.language = 'en'
    expect(mount(XPrice, { props: { minor: 2790, from: true } }).text()).toBe('from ¥27.90')
    prefs.language = 'zh-CN'
  })

  test('is read aloud with two places, whatever is shown', () => {
    expect(mount(XPrice, { props: { minor: 2990 } }).attributes('aria-label')).toBe('29.90 元')
  })

  test('strikes out a former price only when it was higher', () => {
    expect(mount(XPrice, { props: { minor: 2990, was: 4990 } }).text()).toContain('¥49.9')
    expect(mount(XPrice, { props: { minor: 2990, was: 2990 } }).find('.was').exists()).toBe(false)
  })

  test('a sum shows both places', () => {
    expect(mount(XPrice, { props: { minor: 25780, full: true } }).text()).toBe('¥257.80')
    expect(priceParts(19800, true).cents).toBe('.00')
  })
})

test('the same price reads the same wherever it stands', () => {
  expect(price(3990, 'zh-CN')).toBe('¥39.9')
  expect(price(3990, 'en')).toBe('¥39.90')
  expect(price(100000, 'en')).toBe('¥1,000')
  expect(mount(XPrice, { props: { minor: 2990, was: 3990 } }).find('.was').text()).toBe(price(3990, 'zh-CN'))
})

test('amounts keep every fen and group thousands', () => {
  expect(amount(123456789)).toBe('1,234,567.89')
  expect(amount(7)).toBe('0.07')
  expect(yuan(-500)).toBe('-¥5.00')
  for (let minor = 0; minor < 20000; minor += 37) {
    expect(Math.round(Number(amount(minor).replace(/,/g, '')) * 100)).toBe(minor)
  }
})

test('counts are shortened as each language does it', () => {
  expect(shortCount(9999, 'zh-CN')).toBe('9999')
  expect(shortCount(12873, 'zh-CN')).toBe('1.3万')
  expect(shortCount(20000, 'zh-CN')).toBe('2万')
  expect(shortCount(12873, 'en')).toBe('12.9k')
})

test('basis points are shown as per cent', () => {
  expect(percent(1000)).toBe('10%')
  expect(percent(1250)).toBe('12.5%')
})
