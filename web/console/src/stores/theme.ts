import { ref, watch } from 'vue'

export type Theme = 'light' | 'dark' | 'system'
const KEEP = 'weike.console.theme'
const system = matchMedia('(prefers-color-scheme: dark)')

const kept = localStorage.getItem(KEEP)
export const theme = ref<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system')
export const dark = ref(document.documentElement.classList.contains('dark'))

function apply(): void {
  dark.value = theme.value === 'dark' || (theme.value === 'system' && system.matches)
  document.documentElement.classList.toggle('dark', dark.value)
}
system.addEventListener('change', apply)
watch(theme, (next) => {
  if (next === 'system') localStorage.removeItem(KEEP)
  else localStorage.setItem(KEEP, next)
  apply()
})
