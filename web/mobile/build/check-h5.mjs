// The H5 output: nothing foreign, no eval (our content security policy forbids it), every asset under /m/.
import fs from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { filesUnder, finish, foreignAddresses, sizeOf } from './check-output.mjs'

const root = path.resolve(import.meta.dirname, '../dist/build/h5')
const files = filesUnder(root)
const wrong = foreignAddresses(root, files)
const index = fs.readFileSync(path.join(root, 'index.html'), 'utf8')

for (const file of files.filter((name) => name.endsWith('.js'))) {
  const text = fs.readFileSync(path.join(root, file), 'utf8')
  if (/\bnew Function\(|\beval\(/.test(text.replace(/Function\("return this"\)|new Function\("return this"\)/g, ''))) {
    wrong.push(`${file}: needs unsafe-eval`)
  }
}
for (const [, asset] of index.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)) {
  if (!asset.startsWith('/m/')) wrong.push(`index.html asks for ${asset}, not under /m/`)
}
if (/<script(?![^>]*\bsrc=)[^>]*>[^<]*\S/.test(index)) wrong.push('index.html has an inline script, which the policy forbids')

const first = [...index.matchAll(/(?:src|href)="\/m\/([^"]+\.(?:js|css))"/g)].map(([, asset]) => asset)
const packed = first.reduce((sum, file) => sum + gzipSync(fs.readFileSync(path.join(root, file))).length, 0)
finish('H5', [
  `${files.length} files, ${(sizeOf(root, files) / 1024).toFixed(0)} KiB; first load ${(packed / 1024).toFixed(0)} KiB packed`,
], wrong)
