import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BodyHash } from './index.ts'

const sha256 = (text: string) => createHash('sha256').update(text, 'latin1').digest('base64')
function hashOf(body: string, cuts: readonly number[] = []): string {
  const hash = new BodyHash()
  const bytes = Buffer.from(body, 'latin1')
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  places.slice(1).forEach((to, index) => hash.update(bytes.subarray(places[index], to)))
  return hash.digest()
}

it.each([
  ['', ''],
  ['\r\n', ''],
  [' \t\r\n\r\n  ', ''],
  ['a', 'a\r\n'],
  ['a\r\n\r\n\r\n', 'a\r\n'],
  [' a \t b\t\r\n \r\nc', ' a b\r\n\r\nc\r\n'],
  ['\r\n\r\na', '\r\n\r\na\r\n'],
  ['a\rb\r', 'a\rb\r\r\n'],
  ['a \r b', 'a \r b\r\n'],
  ['a\r\r\nb', 'a\r\r\nb\r\n'],
  ['a\nb\n', 'a\r\nb\r\n'],
  // RFC 6376 §3.4.5
  [' C \r\nD \t E\r\n\r\n\r\n', ' C\r\nD E\r\n'],
])('%j is hashed as %j', (body, canonical) => {
  expect(hashOf(body)).toBe(sha256(canonical))
})

it('is the same however the body arrives', () => {
  const body = fc.string({ unit: fc.constantFrom('a', ' ', '\t', '\r\n', '\r', '\n', '\xff'), maxLength: 60 })
  fc.assert(
    fc.property(body, fc.array(fc.nat(200), { maxLength: 6 }), (text, cuts) => {
      expect(hashOf(text, cuts)).toBe(hashOf(text))
    }),
    { numRuns: 3000 },
  )
})

it('takes a long body, and one of nothing but line ends', () => {
  const long = 'a line\r\n'.repeat(100_000)
  expect(hashOf(long, [70_000, 70_001, 500_000])).toBe(sha256(long))
  expect(hashOf('\r\n'.repeat(1_000_000))).toBe(sha256(''))
  expect(hashOf(`${'\r\n'.repeat(100_000)}a`)).toBe(sha256(`${'\r\n'.repeat(100_000)}a\r\n`))
})
