import { expect, test } from 'vitest'
import { editableDescription, textOfDescription } from '@/lib/description'

test('paragraphs come back as the lines that were typed', () => {
  expect(editableDescription('<p>西湖龙井群体种。</p><p>85 度水，先水后茶。</p>')).toBe('西湖龙井群体种。\n\n85 度水，先水后茶。')
  expect(editableDescription('<p>一行<br>又一行</p>')).toBe('一行\n又一行')
})

test('escaped signs are shown as themselves', () => {
  expect(editableDescription('<p>5 &lt; 6 &amp;&amp; a &gt; b</p>')).toBe('5 < 6 && a > b')
  expect(editableDescription('5 &amp;lt; 6')).toBe('5 &lt; 6')
})

test('richer text is left as it is, and shown without its tags', () => {
  const rich = '<h2>产地</h2><p>赣州</p><img src="/media/a.jpg">'
  expect(editableDescription(rich)).toBe(rich)
  expect(textOfDescription(rich)).toBe('产地\n\n赣州')
})

test('plain text stays plain', () => {
  expect(editableDescription('产地直发\n\n3 < 5')).toBe('产地直发\n\n3 < 5')
})
