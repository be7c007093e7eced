import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Content, encodedPieces, joinedContent, jsonContent, textContent } from './content.ts'

const SLICE = 16_384

/** Reads a content as a client gets it; its size must be the one announced. */
const read = (content: Content): string => {
  const bytes = Buffer.concat([...encodedPieces(content)])
  expect(bytes.length).toBe(content.bytes)
  return bytes.toString()
}

describe('an answer in JSON', () => {
  it('is what JSON.stringify writes, of the announced size', () => {
    const long = fc
      .array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 20 })
      .map((parts) => parts.join('').repeat(1000))
    const value = fc.oneof(
      fc.json().map((text): unknown => JSON.parse(text)),
      long,
      fc.record({ a: long, b: fc.array(long) }),
    )
    fc.assert(
      fc.property(value, (given) => {
        expect(read(jsonContent(given))).toBe(JSON.stringify(given))
      }),
      { numRuns: 50 },
    )
  })

  it.each([
    ['control characters', '\u0001\b\t\n\v\f\r\u001f\u007f"\\'.repeat(SLICE)],
    ['pairs of surrogates where it is cut', `x${'😀'.repeat(SLICE)}`],
    ['lone surrogates', `${'x'.repeat(SLICE - 1)}\ud800${'\udc00\ud800'.repeat(SLICE)}\ud800`],
    ['all kinds of width', 'aäあ😀'.repeat(SLICE)],
  ])('has %s as they are', (_what, text) => {
    for (const value of [text, [text, { [text]: text }]]) {
      expect(read(jsonContent(value))).toBe(JSON.stringify(value))
    }
  })

  it('leaves out what is undefined, and asks members for their own form', () => {
    const value = { gone: undefined, list: [undefined, new Date(0)], long: 'x'.repeat(SLICE + 1), none: null, is: true }
    expect(read(jsonContent(value))).toBe(JSON.stringify(value))
    for (const empty of [{}, [], '', { gone: undefined }]) {
      expect(read(jsonContent(empty))).toBe(JSON.stringify(empty))
    }
  })

  it('is never made in one piece, whatever its shape', () => {
    const values = [
      '\u0001'.repeat(1_048_576),
      Array.from({ length: 50_000 }, (_, at) => ({ at, name: 'n'.repeat(40) })),
    ]
    for (const value of values) {
      const sizes = [...encodedPieces(jsonContent({ data: value }))].map(({ length }) => length)
      expect(sizes.length).toBeGreaterThan(20)
      expect(Math.max(...sizes)).toBeLessThan(256 * 1024)
    }
  })
})

it('a text, and contents after each other, arrive whole', () => {
  const text = `x${'😀'.repeat(100_000)}`
  expect(read(joinedContent([textContent(text), jsonContent([text]), textContent('')]))).toBe(
    text + JSON.stringify([text]),
  )
})
