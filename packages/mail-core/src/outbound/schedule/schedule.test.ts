import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expiryOf, isDelayNoticeDue, isProvenFinal, nextAttempt, type RetryQuestion } from './index.ts'

const START = new Date('2026-06-01T00:00:00Z')
const minutes = (count: number) => new Date(START.getTime() + count * 60_000)
const DEFAULT = [1, 5, 15, 30, 60, 120, 240]

const gap = (rest: Partial<RetryQuestion> = {}) => {
  const decision = nextAttempt({
    now: START,
    failures: 1,
    retryMinutes: DEFAULT,
    expiresAt: minutes(7200),
    greylisted: false,
    hintSeconds: null,
    random: () => 0.5,
    ...rest,
  })
  return decision.kind === 'expired' ? null : (decision.at.getTime() - START.getTime()) / 60_000
}
const spread = (rest: Partial<RetryQuestion>) =>
  [0, 1 - Number.EPSILON].map((value) => gap({ ...rest, random: () => value }))

describe('the next attempt', () => {
  it('O39 is after the gap of the schedule, the last of which repeats', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 99].map((failures) => gap({ failures }))).toEqual([
      1, 5, 15, 30, 60, 120, 240, 240, 240,
    ])
    expect(gap({ retryMinutes: [0.5] })).toBe(0.5)
  })

  it('O39 is spread by 15 % around it', () => {
    expect(spread({ failures: 5 })).toEqual([51, expect.closeTo(69, 5)])
  })

  it('O39 is within 5 minutes at first, whatever the chance', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (value) => (gap({ random: () => value }) ?? 9) <= 5),
    )
  })

  it('O34 is after 5 to 10 minutes when greylisted, and by the schedule when that goes on', () => {
    expect(spread({ greylisted: true })).toEqual([5, expect.closeTo(10, 5)])
    expect(gap({ greylisted: true, failures: 6 })).toBe(120)
  })

  it('O35 is not before the time that the remote named, and soon after', () => {
    expect(spread({ hintSeconds: 300 })).toEqual([5, expect.closeTo(5.75, 5)])
    expect(spread({ hintSeconds: 300, greylisted: true })).toEqual([5, expect.closeTo(5.75, 5)])
  })

  it('O35 believes short times only at first', () => {
    expect(gap({ hintSeconds: 10, failures: 5 })).toBeLessThan(1)
    expect(gap({ hintSeconds: 10, failures: 6 })).toBe(120)
  })

  it('O39 is the end of the lifetime at the latest, and then none', () => {
    expect(gap({ failures: 7, expiresAt: minutes(100) })).toBe(100)
    expect(gap({ expiresAt: START })).toBe(null)
    expect(gap({ expiresAt: minutes(-1) })).toBe(null)
  })

  it('O39 never comes after the lifetime, and the attempts end', () => {
    const schedule = fc.array(fc.double({ min: 2, max: 500, noNaN: true }), { minLength: 1, maxLength: 8 })
    const hint = fc.option(fc.integer({ min: 100, max: 21_600 }), { nil: null })
    const chance = fc.double({ min: 0, max: 0.999, noNaN: true })
    fc.assert(
      fc.property(
        schedule,
        hint,
        chance,
        fc.boolean(),
        fc.integer({ min: 1, max: 7200 }),
        (retryMinutes, hintSeconds, value, greylisted, life) => {
          const expiresAt = minutes(life)
          let now = START
          for (let failures = 1; ; failures += 1) {
            const decision = nextAttempt({
              now,
              failures,
              retryMinutes,
              expiresAt,
              greylisted,
              hintSeconds,
              random: () => value,
            })
            if (decision.kind === 'expired') break
            expect(decision.at > now).toBe(true)
            expect(decision.at <= expiresAt).toBe(true)
            now = decision.at
          }
          expect(now).toEqual(expiresAt)
        },
      ),
    )
  })
})

describe('the lifetime', () => {
  const expiry = (rest: Partial<Parameters<typeof expiryOf>[0]> = {}) =>
    (expiryOf({ since: START, lifetimeHours: 120, nullSender: false, expires: null, ...rest }).getTime() -
      START.getTime()) /
    3_600_000

  it('O39 is five days, and a day for mail from <>', () => {
    expect(expiry()).toBe(120)
    expect(expiry({ nullSender: true })).toBe(24)
    expect(expiry({ nullSender: true, lifetimeHours: 2 })).toBe(2)
  })

  it('O39 is what the message says if that is shorter', () => {
    expect(expiry({ expires: minutes(60) })).toBe(1)
    expect(expiry({ expires: minutes(60 * 200) })).toBe(120)
  })
})

describe('the notice of a delay', () => {
  const due = (rest: Partial<Parameters<typeof isDelayNoticeDue>[0]> = {}) =>
    isDelayNoticeDue({
      since: START,
      now: minutes(240),
      noticeHours: 4,
      notify: ['delay'],
      nullSender: false,
      noticed: false,
      ...rest,
    })

  it('O46 comes at 4 hours, once', () => {
    expect(due()).toBe(true)
    expect(due({ now: minutes(239) })).toBe(false)
    expect(due({ noticed: true })).toBe(false)
  })

  it('O46 comes only with DELAY wanted, or nothing said (RFC 3461 §4.1), and never to <>', () => {
    expect(due({ notify: null })).toBe(true)
    expect(due({ notify: [] })).toBe(false)
    expect(due({ notify: ['failure', 'success'] })).toBe(false)
    expect(due({ nullSender: true })).toBe(false)
  })
})

describe('O40 a recipient who is «unknown for now»', () => {
  const proven = (rest: Partial<Parameters<typeof isProvenFinal>[0]> = {}) =>
    isProvenFinal({ enabled: true, count: 3, firstAt: START, now: minutes(1440), ...rest })

  it('is final after three times over a day, if the setting is on', () => {
    expect(proven()).toBe(true)
    expect(proven({ enabled: false })).toBe(false)
    expect(proven({ count: 2 })).toBe(false)
    expect(proven({ now: minutes(1439) })).toBe(false)
  })
})
