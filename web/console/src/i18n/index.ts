// Two languages side by side: each key holds [简体中文, English], so a missing translation does not compile.
// A message may hold {name} for a fact, and "one | many" where English needs a plural of {n}.
import { ref, watchEffect } from 'vue'
import { catalogue, type TextKey } from './texts'

export type Locale = 'zh-CN' | 'en'
export type { TextKey }
type Facts = Record<string, string | number>

const KEEP = 'weike.console.locale'

function firstLocale(): Locale {
  if (typeof localStorage === 'undefined') return 'zh-CN'
  const kept = localStorage.getItem(KEEP)
  if (kept === 'en' || kept === 'zh-CN') return kept
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

export const locale = ref<Locale>(firstLocale())

export function setLocale(next: Locale): void {
  locale.value = next
  localStorage.setItem(KEEP, next)
}

if (typeof document !== 'undefined') watchEffect(() => (document.documentElement.lang = locale.value))

export function render(message: string, facts: Facts = {}): string {
  const forms = message.split(' | ')
  const form = forms.length === 2 ? forms[Number(facts.n) === 1 ? 0 : 1]! : message
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => (name in facts ? String(facts[name]) : whole))
}

export function t(key: TextKey, facts?: Facts): string {
  return render(catalogue[key][locale.value === 'en' ? 1 : 0], facts)
}

/** For words that come from the server (states, kinds): the catalogue's text, or the word itself. */
export function tWord(prefix: string, word: string): string {
  const key = `${prefix}.${word}`
  return key in catalogue ? t(key as TextKey) : word
}

/** English words are longer: the width a column has in Chinese, and in English. */
export const wide = (zh: number, en: number): number => (locale.value === 'en' ? en : zh)
