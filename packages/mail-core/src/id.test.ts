import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createIdFactory,
  createUuidFactory,
  ID_PREFIXES,
  idTime,
  isId,
  newId,
  newUuid,
  parseId,
  uuidText,
} from './id.ts'
import { fakeClock, fakeIds, fakeRandom } from './testing/index.ts'

describe('ids', () => {
  it('are a prefix and 26 characters that carry the time and the version', () => {
    const id = newId('msg', fakeIds())
    expect(id).toMatch(/^msg_[0-7][0-9a-hjkmnp-tv-z]{25}$/)
    expect(idTime(id)).toEqual(new Date('2026-01-02T03:04:05Z'))
    const text = uuidText(parseId(id)?.uuid ?? new Uint8Array())
    expect(text).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  })

  it('encode the largest and the smallest UUID', () => {
    const zero = newId('jrn', { now: () => 0, random: (size) => new Uint8Array(size) })
    expect(zero).toBe('jrn_0000000000e008000000000000')
    const most = newId('jrn', { now: () => 2 ** 48, random: (size) => new Uint8Array(size).fill(255) })
    expect(most.slice(4, 14)).toBe('7zzzzzzzzz')
    expect(parseId(most)?.uuid).toEqual(
      newUuid({ now: () => 2 ** 48, random: (size) => new Uint8Array(size).fill(255) }),
    )
  })

  it('keep their bytes through text', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer(), fc.constantFrom(...ID_PREFIXES), (time, seed, prefix) => {
        const uuid = newUuid({ now: () => time, random: fakeRandom(seed) })
        const parsed = parseId(newId(prefix, { now: () => time, random: fakeRandom(seed) }))
        expect(parsed).toEqual({ prefix, uuid: Uint8Array.from(uuid) })
      }),
    )
  })

  it('sort in the order of the calls, also when the clock stands or steps back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 30 }), fc.integer(), (moves, seed) => {
        const clock = fakeClock()
        const create = createIdFactory({ now: clock.now, random: fakeRandom(seed) })
        const ids = moves.map((move) => {
          clock.advance(move)
          return create('msg')
        })
        expect(ids.toSorted()).toEqual(ids)
        expect(new Set(ids).size).toBe(ids.length)
      }),
    )
  })

  it('go on growing when the random bits of a millisecond are used up', () => {
    const create = createUuidFactory({ now: () => 1000, random: (size) => new Uint8Array(size).fill(255) })
    const texts = Array.from({ length: 50 }, () => uuidText(create()))
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
    expect(text.startsWith('usr') || parseId(text) === null).toBe(true)
  })

  it('are text', () => {
    expect(isId(5, 'msg')).toBe(false)
    expect(isId(null, 'msg')).toBe(false)
    expect(idTime('nothing')).toBeNull()
  })
})
