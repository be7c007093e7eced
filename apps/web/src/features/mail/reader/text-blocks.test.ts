import fc from 'fast-check'
import { expect, test } from 'vitest'

import { splitLinks } from './body-text.ts'
import { BLOCK, paragraphsOf, type TextBlock } from './text-blocks.ts'

const textOf = (block: TextBlock) => block.pieces.flatMap(({ parts }) => parts).join('')
/** The text of each block of each paragraph. */
const blocksOf = (text: string) => paragraphsOf(text, splitLinks).map((blocks) => blocks.map(textOf))

test.each([
  ['right-to-left letters and digits by turns', '1ש'.repeat(40_000)],
  ['the same in lines', `${'1ש'.repeat(300)}\n`.repeat(130)],
  ['the same in words', '1س1س1 '.repeat(13_000)],
  ['one word', 'x'.repeat(1_000_000)],
  ['short lines', 'x\n'.repeat(100_000)],
  ['empty lines', '\n'.repeat(100_000)],
  ['high marks', `a${'\u0301'.repeat(1000)}`.repeat(80)],
  ['joined emoji', '👩‍👩‍👧‍👦'.repeat(8000)],
  ['mail addresses', 'a@b.cd,'.repeat(11_000)],
  ['an address', `https://a.example/${'x'.repeat(50_000)}`],
  ['tabs', '\t'.repeat(80_000)],
])('what a browser lays out at one time is bounded, whatever the text is made of: %s', (_, text) => {
  const blocks = blocksOf(text).flat()
  expect(blocks.join('') === text).toBe(true)
  for (const block of blocks) {
    expect(block.length).toBeLessThanOrEqual(BLOCK)
    expect(block.isWellFormed()).toBe(true)
  }
  expect(blocks.length).toBeLessThanOrEqual(2 + (text.length / BLOCK) * 2)
})

test('lines stay whole and in a block with others; a longer line is a paragraph of its own, divided between words', () => {
  const line = `${'words of a line '.repeat(30)}\n`
  const long = `${'words of a long line '.repeat(600)}\n`
  const paragraphs = blocksOf(`${line.repeat(20)}\n${long}${line}${line}`)
  expect(paragraphs.map((blocks) => blocks.length)).toEqual([1, 1, 1, 4, 1])
  expect(paragraphs[3]?.join('')).toBe(long)
  for (const block of paragraphs[3] ?? []) expect(block).toMatch(/^(?:words|of|a|long|line) .* \n?$/s)
  for (const [block] of paragraphs) expect(block).toMatch(/[\n ]$/)
  expect(paragraphs[4]).toEqual([line + line])
})

test('an ordinary text is one block', () => {
  const text = 'שלום, 12/3\n\nA line.\nمرحبا 123\nสวัสดีครับ\n'
  expect(blocksOf(text)).toEqual([[text]])
  expect(blocksOf('')).toEqual([])
})

test.each([
  ['a mark', 'ก', '\u0E35\u0E48'],
  ['the second half of a character', '😀', ''],
  ['a joined emoji', '👩', '\u200D👧\u200D👦'],
  ['a skin tone', '👍', '🏽'],
])('no line is divided before %s', (_, base, joined) => {
  for (let shift = 0; shift < 12; shift += 1) {
    const [first, second] = blocksOf('x'.repeat(shift) + (base + joined).repeat(3000)).flat()
    expect(first?.endsWith(base + joined)).toBe(true)
    expect(second?.startsWith(base)).toBe(true)
  }
})

test('the breaks of a run go on through its links', () => {
  const text = `${'ก'.repeat(295)}a@b.co`.repeat(10)
  const pieces = paragraphsOf(text, splitLinks)
    .flat()
    .flatMap((block) => block.pieces)
  expect(pieces.filter(({ kind }) => kind === 'link').length).toBeGreaterThan(0)
  const runs = pieces
    .map(({ parts }) => parts.join('|'))
    .join('')
    .split('|')
  expect(runs.join('')).toBe(text)
  for (const run of runs) expect(run.length).toBeLessThanOrEqual(340)
})

test.each([
  ['in a long line', 'x\u2004'.repeat(1990)],
  ['behind words that cannot be divided', 'x'.repeat(3980)],
  ['behind short lines', 'x\n'.repeat(1990)],
])('no link is divided, so that its second half is taken for another: %s', (_, before) => {
  for (let shift = 0; shift < 30; shift += 1) {
    const target = 'https://evil.example/?https://bank.example/login'
    const links = paragraphsOf(`${before}${'y'.repeat(shift)} ${target} z`, splitLinks)
      .flat()
      .flatMap(({ pieces }) => pieces)
      .filter((piece) => piece.kind === 'link')
    expect(links.map(({ parts }) => parts.join(''))).toEqual([target])
  }
})

test('of a link that is longer than a block, only the beginning is a link', () => {
  const target = `https://a.example/${'x'.repeat(6000)}`
  const pieces = paragraphsOf(`see ${target} now`, splitLinks)
    .flat()
    .flatMap((block) => block.pieces)
  const links = pieces.filter((piece) => piece.kind === 'link')
  expect(links).toHaveLength(1)
  expect(links[0]?.target).toBe(target)
  expect(target.startsWith(links[0]?.text ?? ' ')).toBe(true)
  expect(pieces.flatMap(({ parts }) => parts).join('')).toBe(`see ${target} now`)
})

test('blocks lose nothing', () => {
  const part = fc.constantFrom('\n', ' ', 'a@b.cd', 'x'.repeat(3999), '1ש'.repeat(700), 'กี่'.repeat(400), '😀', '。')
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (words) => {
      const text = words.join('')
      const paragraphs = blocksOf(text)
      expect(paragraphs.flat().join('')).toBe(text)
      for (const blocks of paragraphs.slice(0, -1)) expect(blocks.join('')).toMatch(/\n$/)
      for (const blocks of paragraphs) if (blocks.length > 1) expect(blocks.join('').trimEnd()).not.toContain('\n')
    }),
  )
})
