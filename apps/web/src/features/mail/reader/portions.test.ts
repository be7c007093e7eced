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

const linksOf = (text: string) =>
  splitLinks(text).flatMap((piece) => (piece.kind === 'link' ? [[piece.text, piece.target]] : []))

// Attack: a link in a line of 110,000 letters without a space ended where a portion did, and led to another address.
test.each([
  ['in JSON', (at: number) => `{"url":"https://a.example/v1/${at}/?token=${'abcdef0123456789'.repeat(4)}"},`],
  ['in lists', (at: number) => `https://a.example/${at}/${'x'.repeat(90)},https://b.example/?https://c.example/${at};`],
  ['in quotation', (at: number) => `'https://a.example/${at}/${'x'.repeat(60)}'n+'`],
  ['in emphasis', (at: number) => `*https://a.example/${at}/${'x'.repeat(60)}*"`],
  ['as addresses', (at: number) => `ann.${at}.${'x'.repeat(40)}@mail.a.example,`],
  ['as addresses with signs', (at: number) => `john.o'neil&${at}.${'x'.repeat(40)}@mail.a.example*`],
  ['that are long', (at: number) => `<https://a.example/${at}/${'/@www.'.repeat(2600)}>`],
])('no portion ends within a link: %s', (_what, piece) => {
  const pieces = Array.from({ length: 1200 }, (_, at) => piece(at))
  for (let shift = 0; shift < 8; shift += 1) {
    const text = `${'y'.repeat(shift * 17)}"${pieces.join('')}`.slice(0, 400_000)
    const portions = portionsOf(text, Infinity)
    expect(portions.length).toBeGreaterThan(1)
    expect(portions.join('') === text).toBe(true)
    expect(portions.flatMap(linksOf)).toEqual(linksOf(text))
  }
})

test('a link longer than a portion is a portion', () => {
  const link = `https://a.example/${'@'.repeat(16_000)}`
  expect(portionsOf(`"${link}"${'@'.repeat(5000)}`, 1)).toEqual([`"${link}`])
})
