import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  // Our web server gives these files out under /console/.
  base: '/console/',
  resolve: { alias: { '@weike/client': here('../client/src'), '@': here('./src') } },
  plugins: [vue(), Components({ dirs: [], resolvers: [ElementPlusResolver({ directives: true })], dts: 'src/components.d.ts' })],
  server: {
    port: Number(process.env.CONSOLE_PORT ?? 5174),
    strictPort: true,
    fs: { allow: [here('.'), here('../client')] },
    proxy: { '/api': process.env.WEIKE_API ?? 'http://127.0.0.1:8080', '/media': process.env.WEIKE_API ?? 'http://127.0.0.1:8080' },
  },
  build: {
    target: 'es2022',
    // Under our CSP nothing may be a data: script; small pictures may stay inline.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  test: { environment: 'node', include: ['tests/**/*.test.ts'] },
})
