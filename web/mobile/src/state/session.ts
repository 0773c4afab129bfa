// Who is using the shop, and which shop it is.
import { computed, reactive } from 'vue'
import { ApiError } from '@weike/client'
import { carried } from '@/api/http'
import { shopApi } from '@/api/shop'
import type { Me, Shop, SignedIn } from '@/api/types'
import { go } from '@/lib/go'
import { forget, recall, remember } from '@/platform/storage'

const tokenKey = () => `token.${carried.shop}`

export const session = reactive({ token: '', me: null as Me | null, shop: null as Shop | null })

export const signedIn = computed(() => session.token !== '')
export const isPromoter = computed(
  () => !!session.me?.is_promoter && (session.me.promoter_state ?? 'active') === 'active',
)

/** Each shop has its own members, so each shop has its own token. */
export function chooseShop(slug: string): void {
  carried.shop = slug
  remember('shop', slug)
  session.token = recall<string>(tokenKey()) ?? ''
  carried.token = session.token
  session.me = null
}

export async function loadShop(): Promise<Shop> {
  session.shop ??= await shopApi.profile()
  return session.shop
}

/** Who is signed in; a token the server no longer knows is let go. */
export async function loadMe(): Promise<Me | null> {
  if (!session.token) return null
  try {
    session.me = await shopApi.me()
  } catch (error) {
    if (error instanceof ApiError && error.kind === 'signed_out') dropSession()
    else throw error
  }
  return session.me
}

export async function beginSession(answer: SignedIn): Promise<void> {
  session.token = answer.token
  carried.token = answer.token
  remember(tokenKey(), answer.token)
  await loadMe()
}

export function dropSession(): void {
  session.token = ''
  session.me = null
  carried.token = ''
  forget(tokenKey())
}

export async function endSession(): Promise<void> {
  try {
    await shopApi.signOut()
  } finally {
    dropSession()
  }
}

/** True when somebody is signed in; otherwise leads to the sign-in page, which comes back here. */
export function needSignIn(): boolean {
  if (session.token) return true
  go('signIn')
  return false
}
