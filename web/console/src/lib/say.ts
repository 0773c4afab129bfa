// Telling people: one sentence for a failure, one for a success.
import { ElMessage } from 'element-plus/es/components/message/index'
import 'element-plus/es/components/message/style/css'
import { ApiError } from '@weike/client'
import { t } from '@/i18n'

export function sentenceFor(error: unknown): string {
  if (error instanceof ApiError) return error.kind !== 'offline' && error.problem.detail ? error.problem.detail : t(`fail.${error.kind}_hint`)
  return error instanceof Error ? error.message : String(error)
}

export const sayDone = (sentence: string): void => void ElMessage({ type: 'success', message: sentence, grouping: true })
export const sayFailed = (error: unknown): void => void ElMessage({ type: 'error', message: sentenceFor(error), grouping: true, duration: 5000, showClose: true })
export const sayWarn = (sentence: string): void => void ElMessage({ type: 'warning', message: sentence, grouping: true })
