import fc from 'fast-check'
import { expect, test } from 'vitest'

import { splitLinks, splitQuotes } from './body-text.ts'

test('long quotes are folded, short ones stay', () => {
  expect(splitQuotes('Hi\n> a\n> b\nbye').map(({ kind }) => kind)).toEqual(['text'])
  expect(splitQuotes('Hi\n> a\n> b\n>> c\nbye')).toEqual([
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

test('a very long run of dots is split in linear time, and is no link', () => {
  const dots = '.'.repeat(500_000)
  expect(splitLinks(`http://a${dots}x`).map(({ kind }) => kind)).toEqual(['plain'])
  expect(splitLinks(`http://a${dots}`).map(({ kind, text }) => [kind, text.length])).toEqual([
    ['link', 8],
    ['plain', dots.length],
  ])
})

test('a link says where it leads, as in the HTML of a message', () => {
  expect(splitLinks('see http://аpple.com/x and ann@example.com')).toMatchObject([
    { text: 'see ' },
    { text: 'http://аpple.com/x', target: 'http://xn--pple-43d.com/x', label: 'xn--pple-43d.com/x' },
    { text: ' and ' },
    { text: 'ann@example.com', target: 'mailto:ann@example.com', label: 'ann@example.com' },
  ])
})
