import { computed, ref } from 'vue'
import { defineStore } from 'pinia'
import { token } from '@/api/http'
import { readMe, signOut, type Me } from '@/api/people'

/** Who sits here, for which shop, and what they may do. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>(null)
  const signedIn = ref(token.get() != null)
  const rights = computed(() => new Set(me.value?.permissions ?? []))
  const zone = computed(() => me.value?.shop.time_zone ?? 'Asia/Shanghai')
  const currency = computed(() => me.value?.shop.currency ?? 'CNY')

  async function load(): Promise<void> {
    me.value = await readMe()
  }
  function begin(fresh: string): void {
    token.set(fresh)
    signedIn.value = true
    me.value = null
  }
  function forget(): void {
    token.clear()
    signedIn.value = false
    me.value = null
  }
  async function end(): Promise<void> {
    // The tab forgets its token even when the server cannot be reached.
    await signOut().catch(() => undefined)
    forget()
  }
  /** A right of the catalogue; none asked means everybody. The server refuses by itself, this only hides. */
  const can = (right?: string): boolean => !right || rights.value.has(right)

  return { me, signedIn, zone, currency, load, begin, forget, end, can }
})
