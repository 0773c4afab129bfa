// What the reader chose for herself: language, brightness, large text. Remembered on this device.
import { computed, reactive, watch } from 'vue'
import { onSystemTheme, systemLanguage, systemTheme } from '@/platform/system'
import { recall, remember } from '@/platform/storage'

export type Language = 'zh-CN' | 'en'
export type Brightness = 'auto' | 'light' | 'dark'

interface Prefs {
  language: Language
  brightness: Brightness
  large: boolean
}

const saved = recall<Partial<Prefs>>('prefs') ?? {}

export const prefs = reactive<Prefs>({
  language: saved.language ?? (systemLanguage().startsWith('en') ? 'en' : 'zh-CN'),
  brightness: saved.brightness ?? 'auto',
  large: saved.large ?? false,
})

const system = reactive({ theme: systemTheme() })
onSystemTheme((theme) => (system.theme = theme))

export const theme = computed(() => (prefs.brightness === 'auto' ? system.theme : prefs.brightness))
export const rootClass = computed(() => `theme-${theme.value}${prefs.large ? ' is-large' : ''}`)

watch(prefs, (now) => remember('prefs', { ...now }))
