import { beforeEach, expect, test } from 'vitest'
import { ago, learnServerTime, serverNow, timeLeft } from '@/lib/time'

beforeEach(() => learnServerTime(new Date(1_000_000_000_000).toUTCString(), 1_000_000_000_000))

test('a phone whose clock is an hour slow still counts down to the right moment', () => {
  const phone = Date.parse('2026-11-22T07:00:00Z')
  learnServerTime('Sun, 22 Nov 2026 08:00:00 GMT', phone)
  const left = timeLeft('2026-11-22T08:30:00Z', serverNow(phone))
  expect([left.hours, left.minutes, left.seconds, left.over]).toEqual([0, 30, 0, false])
})

test('an answer without a date changes nothing', () => {
  learnServerTime(undefined, 5)
  learnServerTime('nonsense', 5)
  expect(serverNow(5)).toBe(5)
})

test('time left never goes below nothing', () => {
  expect(timeLeft(1000, 5000)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 0, over: true })
  expect(timeLeft(90061000, 0)).toEqual({ days: 1, hours: 1, minutes: 1, seconds: 1, over: false })
})

test('how long ago something was', () => {
  const now = Date.parse('2026-11-22T08:00:00Z')
  expect(ago('2026-11-22T07:59:40Z', now)).toEqual({ key: 'time.now', n: 0 })
  expect(ago('2026-11-22T07:15:00Z', now)).toEqual({ key: 'time.minutes', n: 45 })
  expect(ago('2026-11-20T08:00:00Z', now)).toEqual({ key: 'time.days', n: 2 })
})
