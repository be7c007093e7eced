import fc from 'fast-check'
import { expect, test } from 'vitest'

import { portionsOf, splitLinks, splitQuotes } from './body-text.ts'

/** How many elements of its own a text needs: links, and quotes or what is between them. */
const elements = (text: string): number =>
  splitQuotes(text).reduce(
    (sum, block) => sum + 1 + splitLinks(block.text).filter(({ kind }) => kind === 'link').length,
    0,
  )

test.each([
  ['quotes', '> a\n> b\n> c\nx\n'.repeat(60_000)],
  ['links', 'http://a.b/ http://c.d/ \n'.repeat(40_000)],
  ['links in one line', 'http://a.b/ www.c.d e@f.gh '.repeat(40_000)],
  ['addresses without spaces', 'a@b.cd,'.repeat(140_000)],
  ['lines', 'x\n'.repeat(500_000)],
  ['empty lines', `x${'\n'.repeat(1_000_000)}x`],
  ['one line', 'x'.repeat(1_000_000)],
  ['characters of two halves', '😀'.repeat(500_000)],
])('a portion of a million characters of %s stays small, and all portions are the text', (_what, text) => {
  const portions = portionsOf(text, Infinity)
  expect(portions.join('') === text).toBe(true)
  for (const portion of [...portions.slice(0, 3), ...portions.slice(-2)]) {
    expect(portion.length).toBeLessThanOrEqual(80_000)
    expect(portion.split('\n').length).toBeLessThan(4500)
    expect(portion.isWellFormed()).toBe(true)
    expect(elements(portion)).toBeLessThan(1400)
  }
})

test('a text of usual length is one portion', () => {
  for (const text of ['', 'Hello', 'A line of sixty characters, as people write them in letters.\n'.repeat(500)]) {
    expect(portionsOf(text, 2)).toEqual([text])
  }
})

test('portions lose nothing, wherever they end', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('> q\n', 'http://a.b/ ', '\n', '東京 '.repeat(900), '😀'.repeat(2100))),
      (parts) => {
        const text = parts.join('').repeat(3)
        expect(portionsOf(text, Infinity).join('')).toBe(text)
      },
    ),
  )
})
