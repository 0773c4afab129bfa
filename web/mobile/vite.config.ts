import uniPackage from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'
import { withoutPhoningHome } from './build/without-phoning-home'

// The plug-in is CommonJS; seen from an ES module its factory sits on `.default`.
const uni = (uniPackage as unknown as { default?: typeof uniPackage }).default ?? uniPackage
const at = (path: string) => new URL(path, import.meta.url).pathname

export default defineConfig({
  resolve: { alias: { '@weike/client': at('../client/src/index.ts') } },
  plugins: [uni(), withoutPhoningHome()],
  css: {
    preprocessorOptions: {
      scss: { silenceDeprecations: ['legacy-js-api', 'mixed-decls', 'color-functions'] },
    },
  },
  // Development only; never reachable from outside this machine.
  server: {
    host: '127.0.0.1',
    port: 5170,
    proxy: Object.fromEntries(
      ['/api', '/media', '/s'].map((path) => [path, process.env.WEIKE_API ?? 'http://127.0.0.1:8000']),
    ),
  },
})
