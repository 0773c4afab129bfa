// Times come from the server. The phone's clock is only used to measure how long ago that was.

let skew = 0

/** Told by the transport with the Date header of every answer. */
export function learnServerTime(date: string | undefined, now: number = Date.now()): void {
  const server = date ? Date.parse(date) : Number.NaN
  if (!Number.isNaN(server) && Math.abs(server - now) > 1500) skew = server - now
  else if (!Number.isNaN(server)) skew = 0
}

export const serverNow = (now: number = Date.now()): number => now + skew

export interface Left {
  days: number
  hours: number
  minutes: number
  seconds: number
  over: boolean
}

export function timeLeft(until: string | number, now: number): Left {
  const end = typeof until === 'number' ? until : Date.parse(until)
  const seconds = Math.max(0, Math.ceil((end - now) / 1000))
  return {
    days: Math.floor(seconds / 86400),
    hours: Math.floor(seconds / 3600) % 24,
    minutes: Math.floor(seconds / 60) % 60,
    seconds: seconds % 60,
    over: seconds === 0,
  }
}

export const two = (n: number): string => String(n).padStart(2, '0')

/** 2026-11-22T03:04:05Z → '11-22 11:04' on the reader's clock; the year only when it is another one. */
export function shortTime(rfc3339: string, now: number = serverNow()): string {
  const d = new Date(rfc3339)
  if (Number.isNaN(d.getTime())) return ''
  const year = d.getFullYear() === new Date(now).getFullYear() ? '' : `${d.getFullYear()}-`
  return `${year}${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`
}

/** The day of it, without the hour. */
export const shortDay = (rfc3339: string): string => shortTime(rfc3339).split(' ')[0] ?? ''

export function fullTime(rfc3339: string): string {
  const d = new Date(rfc3339)
  if (Number.isNaN(d.getTime())) return ''
  const day = `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`
  return `${day} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`
}

/** '3 分钟前' / '3 min ago', as a catalogue key and its number. */
export function ago(rfc3339: string, now: number = serverNow()): { key: 'time.now' | 'time.minutes' | 'time.hours' | 'time.days'; n: number } {
  const minutes = Math.max(0, Math.floor((now - Date.parse(rfc3339)) / 60000))
  if (minutes < 1) return { key: 'time.now', n: 0 }
  if (minutes < 60) return { key: 'time.minutes', n: minutes }
  if (minutes < 1440) return { key: 'time.hours', n: Math.floor(minutes / 60) }
  return { key: 'time.days', n: Math.floor(minutes / 1440) }
}
