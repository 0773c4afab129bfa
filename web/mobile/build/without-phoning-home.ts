// The output talks to our own server and to nobody else.
//
// uni-app asks DCloud for a counting picture three seconds after the start of every production
// build. In WeChat it is `wx.preloadAssets` with both app ids in the path, in H5 a CSS animation
// that fetches a background. Both are taken out; when the code that does it is not found any more
// the build stops, because then it has moved and somebody must look for it.
import type { Plugin } from 'vite'

const PRELOAD = /function preloadAsset\(\) \{[\s\S]*?\n\}\n/
const SHADOW_PICTURE = /https:\/\/cdn\.dcloud\.net\.cn\/img\/shadow-\w+\.png/g
const FOREIGN = /url\(\s*["']?(?:https?:)?\/\/[^)]*\)/
const TRANSPARENT = 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=='

export function withoutPhoningHome(): Plugin[] {
  const mini = process.env.UNI_PLATFORM === 'mp-weixin'
  let found = false
  return [
    {
      name: 'weike:no-counting-call',
      enforce: 'pre',
      transform(code, id) {
        if (!/uni-mp-weixin\/dist\/uni\.mp\.esm\.js/.test(id)) return
        const cleaned = code.replace(PRELOAD, 'function preloadAsset() {}\n')
        if (cleaned === code) this.error('The counting call of uni-app was not found: look where it went.')
        found = true
        return { code: cleaned, map: null }
      },
    },
    {
      name: 'weike:no-foreign-address',
      enforce: 'post',
      apply: 'build',
      generateBundle(_options, bundle) {
        for (const file of Object.values(bundle)) {
          const text = file.type === 'chunk' ? file.code : String(file.source)
          const cleaned = text.replace(SHADOW_PICTURE, TRANSPARENT)
          if (cleaned !== text) found = true
          if (/\.(css|wxss)$/.test(file.fileName) && FOREIGN.test(cleaned)) {
            this.error(`${file.fileName} asks a foreign server: ${FOREIGN.exec(cleaned)?.[0]}`)
          }
          if (cleaned === text) continue
          if (file.type === 'chunk') file.code = cleaned
          else file.source = cleaned
        }
        if (!found) this.error(`The counting picture (${mini ? 'WeChat' : 'H5'}) was not found: look where it went.`)
      },
    },
  ]
}
