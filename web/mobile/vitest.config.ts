import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

const platformTags = new Set(['view', 'text', 'image', 'swiper', 'swiper-item', 'button', 'scroll-view'])

export default defineConfig({
  plugins: [
    vue({ template: { compilerOptions: { isCustomElement: (tag) => platformTags.has(tag) } } }),
  ],
  resolve: {
    alias: {
      '@weike/client': new URL('../client/src/index.ts', import.meta.url).pathname,
      '@': new URL('./src', import.meta.url).pathname,
    },
  },
  test: { environment: 'happy-dom', include: ['tests/**/*.test.ts'], setupFiles: ['tests/setup.ts'] },
})
