import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAddress, parseReversePath } from '../address/index.ts'
import { createIdFactory } from '../id.ts'
import { arbitraryDomain, arbitraryHostileText } from '../testing/index.ts'
import { isReturnPath, readReturnPath, returnPathOf, type ReturnPathSettings } from './index.ts'

const settings: ReturnPathSettings = { keys: [{ id: 'a', secret: 'first secret' }] }
const now = new Date('2026-11-28T13:27:32Z')
const days = (count: number) => new Date(now.getTime() + count * 86_400_000)
const DELIVERY = 'dlv_01hf8x7zt3q9v5m2k4n6p8r0ac'
const MESSAGE = 'out_01hf8x7zt3q9v5m2k4n6p8r0ac'
const made = returnPathOf(DELIVERY, 'example.org', settings, now)
const read = (localPart: string, rest: Partial<ReturnPathSettings> = {}, at = now, domain = 'example.org') => {
  const found = readReturnPath({ localPart, domain, literal: false }, { ...settings, ...rest }, at)
  return found.ok ? found.subject : found.problem
}

describe('O47 a return path', () => {
  it('leads back to the delivery or message that it was made for', () => {
    expect(formatAddress(made)).toMatch(/^bounce-d01hf8x7zt3q9v5m2k4n6p8r0ac-a[0-9a-z]{3}-[0-9a-z]{16}@example\.org$/)
    expect(read(made.localPart)).toBe(DELIVERY)
    expect(read(returnPathOf(MESSAGE, 'example.org', settings, now).localPart)).toBe(MESSAGE)
  })

  it('survives servers that change its case', () => {
    expect(read(made.localPart.toUpperCase())).toBe(DELIVERY)
    expect(read(made.localPart, {}, now, 'EXAMPLE.org')).toBe(DELIVERY)
  })

  it('is refused when one character of it differs, or its domain', () => {
    for (const at of Array.from(made.localPart, (_, index) => index)) {
      const other = made.localPart[at] === '2' ? '3' : '2'
      const forged = made.localPart.slice(0, at) + other + made.localPart.slice(at + 1)
      expect(['not_ours', 'key', 'signature'], forged).toContain(read(forged))
    }
    expect(read(made.localPart, {}, now, 'example.com')).toBe('signature')
    expect(read(made.localPart.replace('-d', '-o'))).toBe('signature')
    expect(read('bounce')).toBe('not_ours')
    expect(read(`other${made.localPart.slice(6)}`)).toBe('not_ours')
  })

  it('is worth something for its life alone, and on the day before it was made', () => {
    expect(read(made.localPart, {}, days(30))).toBe(DELIVERY)
    expect(read(made.localPart, {}, days(31))).toBe('expired')
    expect(read(made.localPart, { lifeDays: 7 }, days(8))).toBe('expired')
    expect(read(made.localPart, {}, days(-1))).toBe(DELIVERY)
    expect(read(made.localPart, {}, days(-2))).toBe('expired')
  })

  it('is accepted with an earlier key, and not after that is gone', () => {
    const keys = [
      { id: 'b', secret: 'second secret' },
      { id: 'a', secret: 'first secret' },
    ] as const
    expect(read(made.localPart, { keys })).toBe(DELIVERY)
    expect(read(made.localPart, { keys: [keys[0]] })).toBe('key')
    expect(read(made.localPart, { keys: [{ id: 'a', secret: 'second secret' }] })).toBe('signature')
    expect(returnPathOf(DELIVERY, 'example.org', { keys }, now).localPart).toContain('-b')
  })

  it('is recognised by its form alone, where a loop is to be avoided', () => {
    expect(isReturnPath(made, {})).toBe(true)
    expect(isReturnPath({ ...made, localPart: 'bounce-handling' }, {})).toBe(false)
  })

  it('is not made from what is no id, key or prefix', () => {
    expect(() => returnPathOf('dlv_1', 'example.org', settings, now)).toThrow(TypeError)
    expect(() => returnPathOf(DELIVERY, 'example.org', { ...settings, prefix: 'a-b' }, now)).toThrow(TypeError)
    expect(() => returnPathOf(DELIVERY, 'example.org', { keys: [{ id: 'ab', secret: 'x' }] }, now)).toThrow(TypeError)
  })

  it('is a valid address of at most 64 octets for every id, domain, prefix and day, and comes back', () => {
    const prefix = fc.stringMatching(/^[a-z0-9]{1,15}$/)
    const time = fc.integer({ min: 1_700_000_000, max: 4_000_000_000 })
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 10, maxLength: 10 }),
        arbitraryDomain,
        prefix,
        time,
        (bytes, domain, start, at) => {
          const id = createIdFactory({ now: () => at * 1000, random: (size) => bytes.slice(0, size) })('dlv')
          const date = new Date(at * 1000)
          const address = returnPathOf(id, domain, { ...settings, prefix: start }, date)
          expect(Buffer.byteLength(address.localPart)).toBeLessThanOrEqual(64)
          expect(parseReversePath(formatAddress(address))).toEqual({ ok: true, value: address })
          expect(readReturnPath(address, { ...settings, prefix: start }, date)).toEqual({
            ok: true,
            subject: id,
            ageDays: 0,
          })
        },
      ),
    )
  })

  it('never throws, and finds nothing in what it did not make', () => {
    const part = fc.constantFrom('bounce', '-', 'd', MESSAGE.slice(4), 'a123', '0123456789abcdef', 'é', '')
    const text = fc.oneof(
      arbitraryHostileText,
      fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, (localPart) => {
        expect(readReturnPath({ localPart, domain: 'example.org', literal: false }, settings, now).ok).toBe(false)
      }),
    )
  })
})
