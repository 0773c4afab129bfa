// How an order's state reads, and what its buttons do.
import { uuid7 } from '@weike/client'
import { shopApi } from '@/api/shop'
import { tIfAny, t } from '@/i18n'
import { go } from './go'

export interface StateLike {
  state: string
  pay_state?: string
  refund_state: string
  fulfilment_state?: string
}

export function orderStateText(order: StateLike): string {
  if (order.state === 'paid' && order.pay_state !== 'refunding' && ['part', 'ready'].includes(order.fulfilment_state ?? '')) {
    return tIfAny(`order.state.${order.fulfilment_state}`, order.state)
  }
  if (order.refund_state === 'all') return t('order.state.refunded')
  if (order.pay_state === 'refunding') return t('order.state.refunding')
  return tIfAny(`order.state.${order.state}`, order.state)
}

/** Received goods can be written about, unless all the money went back. */
export const canReview = (order: StateLike): boolean => ['received', 'settled'].includes(order.state) && order.refund_state !== 'all'

export const mainAction = (action: string): boolean => action === 'pay' || action === 'receive'

/** Asks before it does; resolves with false when the reader changed her mind. */
export function confirmed(title: string, content: string, confirmText: string): Promise<boolean> {
  return new Promise((resolve) =>
    uni.showModal({
      title,
      content,
      confirmText,
      cancelText: t('common.not_now'),
      confirmColor: '#cb370f',
      success: (result) => resolve(result.confirm),
      fail: () => resolve(false),
    }),
  )
}

/** One of the actions the server offers. True when the order changed. */
export async function doToOrder(action: string, id: string, reason = ''): Promise<boolean> {
  if (action === 'pay') {
    go('pay', { id })
    return false
  }
  if (action === 'receive') {
    if (!(await confirmed(t('order.receive'), t('order.receive_ask'), t('order.receive_yes')))) return false
    await shopApi.receive(id)
    return true
  }
  if (action === 'cancel') {
    await shopApi.cancel(id, reason)
    return true
  }
  await shopApi.refund(id, { id: uuid7(), reason })
  return true
}
