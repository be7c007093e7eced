import fc from 'fast-check'
import { expect, test } from 'vitest'

import { splitLinks, splitQuotes } from './body-text.ts'

test('long quotes are folded, short ones stay', () => {
  expect(splitQuotes('Hi\n> a\n> b\nbye').map(({ kind }) => kind)).toEqual(['text'])
  expect(splitQuotes('Hi\r\n> a\r\n> b\r\n>> c\r\nbye')).toEqual([
    { kind: 'text', text: 'Hi' },
    { kind: 'quote', text: '> a\n> b\n>> c' },
    { kind: 'text', text: 'bye' },
  ])
})

test.each([
  ['see https://example.com/a?b=c. Bye', 'https://example.com/a?b=c'],
  ['（https://example.com/）', 'https://example.com/'],
  ['資料はhttps://example.com/東京。次', 'https://example.com/東京'],
  ['資料は https://example.com/東京。次', 'https://example.com/東京'],
  ['<https://example.com/x>', 'https://example.com/x'],
  ['javascript:alert(1) ftp://x', undefined],
])('%j has the link %s', (text, link) => {
  expect(splitLinks(text).find(({ kind }) => kind === 'link')?.text).toBe(link)
})

test('splitting loses no text', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '> q', 'https://a.b/c.', '', ' ', '東京')), (lines) => {
      const text = lines.join('\n')
      expect(
        splitQuotes(text)
          .map((block) => block.text)
          .join('\n'),
      ).toBe(text)
      expect(
        splitLinks(text)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text)
    }),
  )
})

test('a very long run of dots is split in linear time', () => {
  const dots = '.'.repeat(500_000)
  expect(splitLinks(`http://a${dots}x`)).toEqual([{ kind: 'link', text: `http://a${dots}x` }])
  expect(splitLinks(`http://a${dots}`)).toEqual([
    { kind: 'link', text: 'http://a' },
    { kind: 'plain', text: dots },
  ])
})
