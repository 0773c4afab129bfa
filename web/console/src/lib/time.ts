// Times are UTC (RFC 3339) on the wire and the shop's own time zone on the screen.

type Style = 'full' | 'minute' | 'day' | 'short'

const formatters = new Map<string, Intl.DateTimeFormat>()

function parts(at: string | Date, zone: string): Record<string, string> {
  let f = formatters.get(zone)
  if (!f) {
    f = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
    })
    formatters.set(zone, f)
  }
  return Object.fromEntries(f.formatToParts(typeof at === 'string' ? new Date(at) : at).map((p) => [p.type, p.value]))
}

export function formatTime(at: string | Date, zone = 'Asia/Shanghai', style: Style = 'minute'): string {
  const p = parts(at, zone)
  const day = `${p.year}-${p.month}-${p.day}`
  if (style === 'day') return day
  if (style === 'short') return `${p.month}-${p.day} ${p.hour}:${p.minute}`
  return `${day} ${p.hour}:${p.minute}${style === 'full' ? `:${p.second}` : ''}`
}

export function relativeTime(at: string, now: Date, locale: string): string {
  const seconds = Math.round((new Date(at).getTime() - now.getTime()) / 1000)
  const f = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const size = Math.abs(seconds)
  if (size < 60) return f.format(seconds, 'second')
  if (size < 3600) return f.format(Math.round(seconds / 60), 'minute')
  if (size < 86400) return f.format(Math.round(seconds / 3600), 'hour')
  return f.format(Math.round(seconds / 86400), 'day')
}

/** The instant at which a calendar day begins in the shop's zone (or the next one, for an exclusive end). */
export function startOfDay(day: string, zone = 'Asia/Shanghai', plusDays = 0): string {
  const [y, m, d] = day.split('-').map(Number) as [number, number, number]
  const guess = Date.UTC(y, m - 1, d + plusDays)
  const p = parts(new Date(guess), zone)
  const shown = Date.UTC(Number(p.year), Number(p.month) - 1, Number(p.day), Number(p.hour), Number(p.minute), Number(p.second))
  return new Date(guess - (shown - guess)).toISOString()
}
