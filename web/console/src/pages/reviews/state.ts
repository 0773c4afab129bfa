import type { Review } from '@/api/care'

/** What matters most about a review, as one word. */
export function stateOf(review: Review): 'hidden' | 'appealed' | 'suspected' | 'confirmed' | 'shown' {
  if (review.hidden_ground) return 'hidden'
  if (review.appeals.some((one) => one.state === 'open')) return 'appealed'
  if (review.flag === 'suspected' || review.flag === 'confirmed') return review.flag
  return 'shown'
}
