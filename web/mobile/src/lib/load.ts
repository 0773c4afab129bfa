// Loading, as every page does it: one thing, or a list that grows at its end.
import { ref, shallowRef, type Ref } from 'vue'
import { ApiError } from '@weike/client'
import type { PageOf } from '@/api/types'
import { t } from '@/i18n'
import { dropSession } from '@/state/session'

export type Trouble = { kind: 'offline' | 'missing' | 'signed_out' | 'not_promoter' | 'server'; text: string }

/** What went wrong, for people. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof ApiError)) return { kind: 'server', text: t('error.server') }
  if (error.kind === 'offline') return { kind: 'offline', text: t('error.offline') }
  if (error.kind === 'signed_out') {
    dropSession()
    return { kind: 'signed_out', text: t('error.signed_out') }
  }
  if (error.problem.code === 'distribution.not_a_promoter') return { kind: 'not_promoter', text: error.problem.detail ?? '' }
  const kind = error.kind === 'missing' ? 'missing' : 'server'
  return { kind, text: error.problem.detail || t(kind === 'missing' ? 'error.missing' : 'error.server') }
}

export function say(text: string): void {
  if (text) uni.showToast({ title: text, icon: 'none', duration: 2200 })
}

export interface Loaded<T> {
  data: Ref<T | undefined>
  trouble: Ref<Trouble | undefined>
  busy: Ref<boolean>
  load: () => Promise<void>
}

/** One thing. While it is loaded again the old one stays on the page. */
export function useLoad<T>(ask: () => Promise<T>): Loaded<T> {
  const data = shallowRef<T>()
  const trouble = ref<Trouble>()
  const busy = ref(false)
  let turn = 0
  async function load() {
    const mine = ++turn
    busy.value = true
    try {
      const answer = await ask()
      if (mine !== turn) return
      data.value = answer
      trouble.value = undefined
    } catch (error) {
      if (mine !== turn) return
      const what = troubleOf(error)
      if (data.value === undefined) trouble.value = what
      else say(what.text)
    } finally {
      if (mine === turn) busy.value = false
      uni.stopPullDownRefresh()
    }
  }
  return { data, trouble, busy, load } as Loaded<T>
}

/** A list by cursor. `first` begins again, `more` is called at the bottom, and again after a failure. */
export function useFeed<T>(ask: (cursor?: string) => Promise<PageOf<T>>) {
  const items = shallowRef<T[]>([])
  const trouble = ref<Trouble>()
  const busy = ref(false)
  const started = ref(false)
  const ended = ref(false)
  let cursor: string | undefined
  let turn = 0

  async function take(begin: boolean) {
    const mine = ++turn
    busy.value = true
    trouble.value = undefined
    try {
      const page = await ask(begin ? undefined : cursor)
      if (mine !== turn) return
      items.value = begin ? page.items : [...items.value, ...page.items]
      cursor = page.next_cursor ?? undefined
      ended.value = !cursor
      started.value = true
    } catch (error) {
      if (mine === turn) trouble.value = troubleOf(error)
    } finally {
      if (mine === turn) busy.value = false
      uni.stopPullDownRefresh()
    }
  }
  const first = () => take(true)
  async function more() {
    if (!busy.value && !ended.value && (started.value || trouble.value)) await take(!started.value)
  }
  return { items, trouble, busy, started, ended, first, more }
}

/** A deed of the reader: never twice at once, and a refusal is said in its own words. True when it went through. */
export function useDeed() {
  const doing = ref(false)
  async function run(deed: () => Promise<unknown>): Promise<boolean> {
    if (doing.value) return false
    doing.value = true
    try {
      await deed()
      return true
    } catch (error) {
      say(troubleOf(error).text)
      return false
    } finally {
      doing.value = false
    }
  }
  return { doing, run }
}
