import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { translate, type MessageKey } from '@/i18n'
import en from '@/i18n/en'
import zh from '@/i18n/zh-CN'

const keys = Object.keys(zh) as MessageKey[]
const facts = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
const source = path.resolve(__dirname, '../src')
const files = fs
  .readdirSync(source, { recursive: true })
  .map(String)
  // What reads pasted addresses has to know the words of addresses.
  .filter((file) => /\.(vue|ts)$/.test(file) && !file.startsWith('i18n') && file !== 'lib/paste.ts')
  .map((file) => fs.readFileSync(path.join(source, file), 'utf8'))

test('both languages have the same keys', () => {
  expect(Object.keys(en).sort()).toEqual([...keys].sort())
})

test('both languages use the same facts in each sentence', () => {
  for (const key of keys) expect(facts(en[key]), key).toEqual(facts(zh[key]))
})

test('no sentence is empty, and English is not left in Chinese', () => {
  for (const key of keys) {
    expect(zh[key].trim(), key).not.toBe('')
    expect(en[key].trim(), key).not.toBe('')
    expect(/[\u4e00-\u9fff]/.test(en[key]), key).toBe(false)
  }
})

test('every key that is written out in the source exists', () => {
  const known = new Set<string>(keys)
  for (const text of files) {
    for (const [, key] of text.matchAll(/\bt\(\s*'([a-z_]+\.[a-zA-Z0-9_.]+)'/g)) expect(known, key).toContain(key)
  }
})

test('every key is used', () => {
  const all = files.join('\n')
  const made = [...all.matchAll(/['`]([a-z_]+(?:\.[a-z_]+)*\.(?:[a-z]+_)?)(?:\$\{|' \+)/g)].map(([, start]) => start)
  const unused = keys.filter((key) => !all.includes(`'${key}'`) && !made.some((start) => key.startsWith(start)))
  expect(unused).toEqual([])
})

test('no Chinese is written into pages and components', () => {
  const inCode = files.flatMap((text) =>
    text
      .replace(/<!--[\s\S]*?-->|\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
      .split('\n')
      .filter((line) => /[\u4e00-\u9fff]/.test(line) && !/简体中文|test\(|replace\(/.test(line)),
  )
  expect(inCode).toEqual([])
})

test('facts are put in, unknown ones are left to be seen', () => {
  expect(translate('zh-CN', 'cart.only', { n: 3 })).toBe('库存只剩 3 件，请调整数量')
  expect(translate('en', 'cart.only')).toContain('{n}')
})
