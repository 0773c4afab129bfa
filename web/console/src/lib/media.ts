import { onBeforeUnmount, ref, type Ref } from 'vue'

/** True while the window is narrower than a small tablet: tables turn into cards, the menu into a drawer. */
export function useNarrow(query = '(max-width: 760px)'): Ref<boolean> {
  const media = matchMedia(query)
  const narrow = ref(media.matches)
  const follow = (e: MediaQueryListEvent) => (narrow.value = e.matches)
  media.addEventListener('change', follow)
  onBeforeUnmount(() => media.removeEventListener('change', follow))
  return narrow
}
