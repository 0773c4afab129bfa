import { computed } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** The thing that is open beside the list, kept in the address (`?open=id`) so that it can be linked to. */
export function useOpen() {
  const route = useRoute()
  const router = useRouter()
  const id = computed(() => (typeof route.query.open === 'string' ? route.query.open : ''))
  const show = (next: string) => router.replace({ query: { ...route.query, open: next || undefined } })
  return { id, show, close: () => show('') }
}
