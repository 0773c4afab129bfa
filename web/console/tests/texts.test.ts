import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { render } from '@/i18n'
import { catalogue } from '@/i18n/texts'
import { pages } from '@/pages'

const entries = Object.entries(catalogue) as [string, readonly [string, string]][]
const sources = (dir: string): string[] =>
  readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? sources(join(dir, e.name)) : /\.(vue|ts)$/.test(e.name) ? [join(dir, e.name)] : []))
const root = join(import.meta.dirname, '../src')

describe('texts', () => {
  it('are there in both languages, with the same facts in each', () => {
    const facts = (s: string) => [...new Set(s.match(/\{\w+\}/g) ?? [])].sort()
    for (const [key, [zh, en]] of entries) {
      expect(zh.trim(), key).not.toBe('')
      expect(en.trim(), key).not.toBe('')
      const missing = facts(en).filter((f) => !facts(zh).includes(f))
      expect(missing, key).toEqual([])
      expect(facts(zh).filter((f) => !facts(en).includes(f)), key).toEqual([])
    }
  })
  it('are English where they say so', () => {
    for (const [key, [, en]] of entries) expect(/[\u4e00-\u9fff]/.test(en), `${key}: ${en}`).toBe(false)
  })
  it('live in the catalogue and not in the pages', () => {
    const said = sources(root)
      .filter((f) => !/i18n|pages\.ts|money\.ts|regions\.ts/.test(f))
      .filter((f) => /[\u4e00-\u9fff]/.test(readFileSync(f, 'utf8').replace(/\/\/.*$|<!--.*?-->|\/\*[\s\S]*?\*\//gm, '').replace(/'切换到中文'|'中文'|'微'|'，'/g, '').replace(/[\u3000-\u303f\uff00-\uffef、，；]/g, '')))
    expect(said).toEqual([])
  })
  it('are all asked for somewhere', () => {
    const all = sources(root).filter((f) => !/i18n.texts/.test(f)).map((f) => readFileSync(f, 'utf8')).join('\n')
    const prefixes = [...all.matchAll(/tWord\('([\w.]+)'/g)].map((m) => m[1]!).concat([...all.matchAll(/tWord\(`([\w.]+)/g)].map((m) => m[1]!), [...all.matchAll(/t\(`([\w.]+)\$\{/g)].map((m) => m[1]!))
    const unused = entries.map(([k]) => k).filter((k) => !all.includes(`'${k}'`) && !prefixes.some((p) => k.startsWith(p)))
    expect(unused).toEqual([])
  })
  it('name every right and whatever the server writes into the audit log', () => {
    const weike = join(import.meta.dirname, '../../../weike')
    const python = (dir: string): string[] =>
      readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? (e.name === 'sandbox' ? [] : python(join(dir, e.name))) : e.name.endsWith('.py') ? [join(dir, e.name)] : []))
    const code = python(weike).map((f) => readFileSync(f, 'utf8')).join('\n')
    const done = [...code.matchAll(/action="(\w+\.\w+)"|_(?:audit|record\w*)\(\s*(?:tx|self)?,?[^")]*"(\w+\.\w+)"/g)].map((m) => m[1] ?? m[2]!)
    const rights = readFileSync(join(weike, 'tenancy/permissions.py'), 'utf8').split('OWNER')[0]!
    const wanted = [...done.map((word) => `audit.do.${word}`), ...[...rights.matchAll(/"(\w+)\.\w+"/g)].map((m) => `right.${m[1]}`), ...[...code.matchAll(/subject_type="(\w+)"/g)].map((m) => `audit.of.${m[1]}`)]
    expect(wanted.length).toBeGreaterThan(100)
    expect([...new Set(wanted)].filter((key) => !(key in catalogue))).toEqual([])
  })
  it('put facts in and choose the plural', () => {
    expect(render('已选 {n} 项', { n: 3 })).toBe('已选 3 项')
    expect(render('{n} order | {n} orders', { n: 1 })).toBe('1 order')
    expect(render('{n} order | {n} orders', { n: 2 })).toBe('2 orders')
    expect(render('{unknown}')).toBe('{unknown}')
  })
})

describe('pages', () => {
  it('have their own names, addresses and a right', () => {
    expect(new Set(pages.map((p) => p.path)).size).toBe(pages.length)
    expect(new Set(pages.map((p) => p.name)).size).toBe(pages.length)
    for (const p of pages) expect(p.right, p.name).toMatch(/^[a-z]+\.(read|write|write_off)$/)
  })
})
