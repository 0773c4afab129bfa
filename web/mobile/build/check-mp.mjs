// The mini-program output: accepted by WeChat's own compilers, every page and component present,
// within the size limits, nothing foreign.
import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { filesUnder, finish, foreignAddresses, sizeOf } from './check-output.mjs'

const here = import.meta.dirname
const root = path.resolve(here, '../dist/build/mp-weixin')
const tools = path.resolve(here, '../node_modules/miniprogram-compiler/bin/linux')
const LIMIT = 2 * 1024 * 1024
const files = filesUnder(root)
const wrong = foreignAddresses(root, files)
const read = (file) => fs.readFileSync(path.join(root, file), 'utf8')
const json = (file) => JSON.parse(read(file))

function compile(tool, args) {
  try {
    execFileSync(path.join(tools, tool), args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  } catch (error) {
    wrong.push(`${tool} ${args[0]}: ${String(error.stderr).trim().slice(0, 300)}`)
  }
}
if (process.platform === 'linux') {
  for (const tool of ['wcc', 'wcsc']) fs.chmodSync(path.join(tools, tool), 0o755)
  compile('wcc', ['-d', ...files.filter((file) => file.endsWith('.wxml')), '-o', '/dev/null'])
  for (const file of files.filter((name) => name.endsWith('.wxss'))) compile('wcsc', [file, '-o', '/dev/null'])
}

const app = json('app.json')
const packages = app.subPackages ?? []
const pages = [...app.pages, ...packages.flatMap((one) => one.pages.map((page) => `${one.root}/${page}`))]
for (const page of pages) {
  for (const kind of ['js', 'json', 'wxml']) if (!files.includes(`${page}.${kind}`)) wrong.push(`missing ${page}.${kind}`)
}

// easycom fails silently: a component it does not find is simply not there.
const BUILT_IN = new Set(['scroll-view', 'swiper-item', 'rich-text', 'page-meta', 'cover-view', 'root-portal'])
const shared = new Set(Object.keys(app.usingComponents ?? {}))
for (const file of files.filter((name) => name.endsWith('.json'))) {
  for (const [name, target] of Object.entries(json(file).usingComponents ?? {})) {
    const at = target.startsWith('/') ? target.slice(1) : path.posix.join(path.posix.dirname(file), target)
    if (!files.includes(`${at}.js`)) wrong.push(`${file}: component ${name} → ${target} does not exist`)
  }
}
for (const file of files.filter((name) => name.endsWith('.wxml'))) {
  const beside = file.replace(/wxml$/, 'json')
  const own = files.includes(beside) ? Object.keys(json(beside).usingComponents ?? {}) : []
  for (const [, tag] of read(file).matchAll(/<([a-z]+-[a-z0-9-]+)[\s/>]/g)) {
    if (!BUILT_IN.has(tag) && !shared.has(tag) && !own.includes(tag)) wrong.push(`${file}: <${tag}> is not registered`)
  }
}

const inPackage = (one) => files.filter((file) => file.startsWith(`${one.root}/`))
const main = files.filter((file) => !packages.some((one) => file.startsWith(`${one.root}/`)))
const sizes = [
  ['main', sizeOf(root, main)],
  ...packages.map((one) => [one.root, sizeOf(root, inPackage(one))]),
]
for (const [name, size] of sizes) if (size > LIMIT) wrong.push(`package ${name}: ${size} bytes, the limit is ${LIMIT}`)
finish('Mini-program', [
  `${pages.length} pages, ${files.length} files; ${sizes.map(([name, size]) => `${name} ${(size / 1024).toFixed(0)} KiB`).join(', ')}`,
], wrong)
