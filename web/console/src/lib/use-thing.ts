import { onMounted, ref, shallowRef, type Ref } from 'vue'

/** One thing a page reads when it opens: the thing, its failure, and a way to read it again. */
export function useThing<T>(read: () => Promise<T>): { it: Ref<T | null>; error: Ref<unknown>; loading: Ref<boolean>; load: () => Promise<void> } {
  const it = shallowRef<T | null>(null)
  const error = shallowRef<unknown>(null)
  const loading = ref(false)
  async function load(): Promise<void> {
    loading.value = true
    error.value = null
    try {
      it.value = await read()
    } catch (e) {
      error.value = e
    } finally {
      loading.value = false
    }
  }
  onMounted(load)
  return { it, error, loading, load }
}
