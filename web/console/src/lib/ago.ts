import { locale, t } from '@/i18n'
import { relativeTime } from '@/lib/time'

/** "3 minutes ago" as people say it; seconds are nobody's business. */
export function ago(at: string, now = new Date()): string {
  if (Math.abs(now.getTime() - new Date(at).getTime()) < 60_000) return t('time.just_now')
  const said = relativeTime(at, now, locale.value)
  return locale.value === 'en' ? said : said.replace(/^(\d+)/, '$1 ')
}
