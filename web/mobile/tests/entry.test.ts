import { uuid7 } from '@weike/client'
import { expect, test } from 'vitest'
import { safeHtml } from '@/lib/html'
import { shareOfScene } from '@/platform/entry'
import { cashierAddress } from '@/platform/pay'

test('ids are uuid v7, sorted by time, never twice', () => {
  const made = Array.from({ length: 2000 }, () => uuid7())
  for (const id of made) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(made).size).toBe(made.length)
  expect(uuid7(1_000) < uuid7(2_000)).toBe(true)
})

test('the scene of a mini-program code carries the share, alone or named', () => {
  expect(shareOfScene('AbCdEf1234567890xyz')).toBe('AbCdEf1234567890xyz')
  expect(shareOfScene('s%3DAbCdEf1234')).toBe('AbCdEf1234')
  expect(shareOfScene('1089')).toBeUndefined()
  expect(shareOfScene(undefined)).toBeUndefined()
})

test('the cashier is told where to come back to', () => {
  expect(cashierAddress('http://pay/c', 'http://shop/m/?shop=a#/x?y=1')).toBe(
    'http://pay/c?redirect_url=http%3A%2F%2Fshop%2Fm%2F%3Fshop%3Da%23%2Fx%3Fy%3D1',
  )
  expect(cashierAddress('http://pay/c?p=1', 'b')).toBe('http://pay/c?p=1&redirect_url=b')
})

test('a description keeps its words, loses what runs, and loads only our pictures', () => {
  const html = safeHtml(
    '<p onclick="x()">好茶</p><script>alert(1)</script><img src="https://elsewhere/a.png"><img alt="茶园" src="/media/a.webp">',
    (path) => `https://shop.cn${path}`,
  )
  expect(html).toBe('<p>好茶</p><img src="https://shop.cn/media/a.webp" alt="茶园" style="max-width:100%;display:block;border-radius:8px" />')
})
