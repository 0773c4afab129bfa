import { expect, test } from 'vitest'
import type { Level, MyLevel } from '@/api/club'
import { levelProgress, rightsOf } from '@/lib/club'
import { prefs } from '@/state/prefs'

const gold: Level = { id: 'a', name: '金卡', growth_from: 2000, discount_bp: 500, points_bp: 12_000, free_freight: true, note: '生日礼' }
const mine = (growth: number, next_from: number | null): MyLevel => ({
  level: gold, growth, next_name: '黑金', next_from, since: null, until: null, keep_with: null, gained: 0, levels: [gold], growth_per_yuan: 1,
})

test('the way to the next level is shown in percent, and is whole at the top', () => {
  expect(levelProgress(mine(5000, 8000))).toBe(50)
  expect(levelProgress(mine(2000, 8000))).toBe(4)
  expect(levelProgress(mine(9999, null))).toBe(100)
})

test('what a level gives, in both languages', () => {
  prefs.language = 'zh-CN'
  expect(rightsOf(gold)).toEqual(['会员价 9.5 折', '积分 1.2 倍', '订单包邮', '生日礼'])
  prefs.language = 'en'
  expect(rightsOf(gold)[0]).toBe('Member price, 5% off')
  prefs.language = 'zh-CN'
  expect(rightsOf({ ...gold, discount_bp: 0, points_bp: 10_000, free_freight: false, note: '' })).toEqual([])
})
