import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIdFactory, createUuidFactory, ID_PREFIXES, isId, newUuid, uuidText } from './id.ts'
import { fakeClock, fakeRandom } from './testing/index.ts'

const CROCKFORD = '0123456789abcdefghjkmnpqrstvwxyz'
const valueOf = (digits: string) =>
  Array.from(digits).reduce((sum, digit) => sum * 32n + BigInt(CROCKFORD.indexOf(digit)), 0n)

describe('ids', () => {
  it('are a prefix and 26 characters that start with the time', () => {
    const at = Date.parse('2026-01-02T03:04:05Z')
    const id = createIdFactory({ now: () => at, random: fakeRandom(1) })('msg')
    expect(id).toMatch(/^msg_[0-7][0-9a-hjkmnp-tv-z]{25}$/)
    expect(isId(id, 'msg')).toBe(true)
    expect(valueOf(id.slice(4, 14))).toBe(BigInt(at))
  })

  it('encode the largest and the smallest UUID', () => {
    const zero = createIdFactory({ now: () => 0, random: (size) => new Uint8Array(size) })('jrn')
    expect(zero).toBe('jrn_0000000000e008000000000000')
    const most = createIdFactory({ now: () => 2 ** 48, random: (size) => new Uint8Array(size).fill(255) })('jrn')
    expect(most).toBe('jrn_7zzzzzzzzzfzzvzzzzzzzzzzzz')
  })

  it('encode all their bytes', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer(), fc.constantFrom(...ID_PREFIXES), (time, seed, prefix) => {
        const source = () => ({ now: () => time, random: fakeRandom(seed) })
        const digits = createIdFactory(source())(prefix).slice(prefix.length + 1)
        expect(valueOf(digits)).toBe(BigInt(`0x${uuidText(newUuid(source())).replaceAll('-', '')}`))
      }),
    )
  })

  it('sort in the order of the calls, even when the clock stops or steps back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 30 }), fc.integer(), (moves, seed) => {
        const clock = fakeClock()
        const next = createIdFactory({ now: clock.now, random: fakeRandom(seed) })
        const ids = moves.map((move) => {
          clock.advance(move)
          return next('msg')
        })
        expect(ids.toSorted()).toEqual(ids)
        expect(new Set(ids).size).toBe(ids.length)
      }),
    )
  })

  it('keep increasing when the random bits of a millisecond run out', () => {
    const next = createUuidFactory({ now: () => 1000, random: (size) => new Uint8Array(size).fill(255) })
    const texts = Array.from({ length: 50 }, () => uuidText(next()))
    expect(texts.toSorted()).toEqual(texts)
    expect(new Set(texts).size).toBe(50)
    expect(texts.every((text) => /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab]/.test(text))).toBe(true)
  })

  it.each([
    '',
    'msg',
    'msg_',
    'usr_0000000000e008000000000000',
    'msg_0000000000E008000000000000',
    'msg_8000000000e008000000000000',
    'msg_0000000000e00800000000000',
    'msg_0000000000e0080000000000000',
    'msg_0000000000e00800000000000u',
    ' msg_0000000000e008000000000000',
  ])('refuse %j', (text) => {
    expect(isId(text, 'msg')).toBe(false)
  })

  it('are text', () => {
    expect(isId(5, 'msg')).toBe(false)
    expect(isId(null, 'msg')).toBe(false)
  })
})
