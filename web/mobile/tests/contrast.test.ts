// Every text colour on every surface it is used on keeps 4.5 : 1 (WCAG AA), in both themes.
import fs from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const source = fs.readFileSync(path.resolve(__dirname, '../src/styles/tokens.scss'), 'utf8')

function tokensOf(theme: 'light' | 'dark'): Record<string, string> {
  const block = new RegExp(`@mixin ${theme} \\{([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ?? ''
  return Object.fromEntries([...block.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name, value]))
}
function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/gi, '$&$&') : hex
  const parts = [1, 3, 5].map((at) => parseInt(full.slice(at, at + 2), 16) / 255)
  const [r, g, b] = parts.map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (high + 0.05) / (low + 0.05)
}

const SURFACES = ['bg', 'card', 'raise']
const PAIRS: readonly [string, string][] = [
  ...['text', 'text-2', 'text-3', 'brand', 'price', 'good', 'warn', 'bad'].flatMap((ink) =>
    SURFACES.map((ground): [string, string] => [ink, ground]),
  ),
  ['brand', 'brand-soft'],
  ['brand-deep', 'brand-soft'],
  ['on-amber', 'amber'],
  ['earn', 'earn-bg'],
  ['good', 'good-soft'],
  ['warn', 'warn-soft'],
]

test.each(['light', 'dark'] as const)('%s: texts can be read', (theme) => {
  const token = tokensOf(theme)
  const weak = PAIRS.map(([ink, ground]) => ({ ink, ground, ratio: contrast(token[ink], token[ground]) })).filter(
    ({ ratio }) => !(ratio >= 4.5),
  )
  expect(weak.map(({ ink, ground, ratio }) => `${ink} on ${ground}: ${ratio.toFixed(2)}`)).toEqual([])
})

test.each(['light', 'dark'] as const)('%s: white can be read on buttons and heads', (theme) => {
  const { grad, head, 'grad-head': wide } = tokensOf(theme)
  const stops = `${grad} ${head} ${wide}`.match(/#[0-9a-f]{6}/gi) ?? []
  expect(stops.length).toBe(5)
  for (const stop of stops) expect(contrast('#ffffff', stop), stop).toBeGreaterThanOrEqual(4.5)
})
