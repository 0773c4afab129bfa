// Before anything that cannot be taken back, or that touches many: how many, what happens, and for the gravest a tick.
import { shallowRef } from 'vue'

export interface Question {
  title: string
  /** How many things are touched; shown large. */
  count?: number
  noun?: string
  lines?: string[]
  danger?: boolean
  action: string
  /** Asks for a reason, which is handed back. */
  reason?: { label: string; required?: boolean; choices?: string[] }
  /** A sentence that must be ticked first. */
  tick?: string
}
export interface Answer { reason: string }
interface Open extends Question { answer: (a: Answer | null) => void }

export const question = shallowRef<Open | null>(null)

/** Null when the person thought better of it. */
export function confirmWithCount(q: Question): Promise<Answer | null> {
  question.value?.answer(null)
  return new Promise((resolve) => {
    question.value = { ...q, answer: (a) => { question.value = null; resolve(a) } }
  })
}
