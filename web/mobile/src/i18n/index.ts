// Texts by key. The Chinese catalogue names the keys, the English one must have the same (the compiler and a test say so).
// No formatter library: it would bring `new Function`, which our content security policy forbids.
import { prefs } from '@/state/prefs'
import en from './en'
import zh from './zh-CN'

export type MessageKey = keyof typeof zh
type Facts = Record<string, string | number>

const catalogues: Record<string, Record<MessageKey, string>> = { 'zh-CN': zh, en }

export function translate(language: string, key: MessageKey, facts: Facts = {}): string {
  const text = (catalogues[language] ?? zh)[key] ?? key
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in facts ? String(facts[name]) : whole))
}

/** In the reader's language; a template that calls it follows a change of language. */
export const t = (key: MessageKey, facts?: Facts): string => translate(prefs.language, key, facts)

/** For keys made from data ('order.state.' + state): the fallback is shown when there is no such text. */
export function tIfAny(key: string, fallback: string, facts?: Facts): string {
  return key in zh ? t(key as MessageKey, facts) : fallback
}
