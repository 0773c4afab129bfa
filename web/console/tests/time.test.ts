import { describe, expect, it } from 'vitest'
import { formatTime, startOfDay } from '@/lib/time'

describe('time', () => {
  it('shows UTC in the time zone of the shop', () => {
    expect(formatTime('2026-11-21T17:30:05Z', 'Asia/Shanghai')).toBe('2026-11-22 01:30')
    expect(formatTime('2026-11-21T17:30:05Z', 'Europe/Berlin', 'full')).toBe('2026-11-21 18:30:05')
    expect(formatTime('2026-11-21T16:00:00Z', 'Asia/Shanghai', 'day')).toBe('2026-11-22')
  })
  it('begins a day where the shop is, summer time included', () => {
    expect(startOfDay('2026-11-22', 'Asia/Shanghai')).toBe('2026-11-21T16:00:00.000Z')
    expect(startOfDay('2026-11-22', 'Asia/Shanghai', 1)).toBe('2026-11-22T16:00:00.000Z')
    expect(startOfDay('2026-07-01', 'Europe/Berlin')).toBe('2026-06-30T22:00:00.000Z')
    expect(startOfDay('2026-12-01', 'America/New_York')).toBe('2026-12-01T05:00:00.000Z')
  })
})
