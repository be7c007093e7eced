import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SiteSignal } from '../outcome/index.ts'
import {
  admit,
  afterPlan,
  afterSession,
  familyNow,
  limitsNow,
  newSite,
  settingsOfNode,
  shareOf,
  type SiteSettings,
} from './index.ts'
import { HOUR, settings, at, asked, refusal, delivered, unreachable, slow, listed, after } from './throttle.fixtures.ts'

describe('O29 the concurrency of a site', () => {
  it('starts low and grows with success to the limit', () => {
    const site = newSite(settings)
    expect(site.concurrency).toBe(3)
    expect(after(site, delivered, 0, 3).concurrency).toBe(4)
    expect(after(site, delivered, 0, 3 + 4).concurrency).toBe(5)
    expect(after(site, delivered, 0, 2000).concurrency).toBe(20)
  })

  it('falls with each failure to connect, to one', () => {
    const site = after(newSite(settings), delivered, 0, 7)
    expect(after(site, unreachable).concurrency).toBe(4)
    expect(after(site, unreachable, 0, 50).concurrency).toBe(1)
  })

  it('admits as many attempts at once, and no more', () => {
    const site = newSite(settings)
    expect(admit(site, asked(0, 2))).toEqual({ kind: 'go' })
    expect(admit(site, asked(0, 3))).toEqual({ kind: 'wait', reason: 'busy', until: null })
  })

  it('is never over the limit or under one, whatever happens', () => {
    const signal = fc.constantFrom(delivered, delivered, delivered, unreachable, slow(), slow(300), listed)
    fc.assert(
      fc.property(fc.array(fc.tuple(signal, fc.nat({ max: HOUR })), { maxLength: 60 }), (steps) => {
        let [state, now] = [newSite(settings), 0]
        for (const [each, wait] of steps) {
          now += wait
          state = afterSession(state, [each], at(now)).state
          state = afterPlan(state, each === unreachable, 'no answer', at(now))
          expect(state.concurrency).toBeGreaterThanOrEqual(1)
          expect(limitsNow(state, asked(now)).concurrency).toBeLessThanOrEqual(20)
          // It is always known when, or after what, it goes on.
          const admission = admit(state, asked(now))
          if (admission.kind === 'wait') expect(admission.until).toBeGreaterThan(now)
        }
      }),
    )
  })
})

describe('O7 a site that refuses our IPv6 address', () => {
  it('is sent to over IPv4 for a day', () => {
    const avoid: SiteSignal = { kind: 'avoid_ipv6', refusal: refusal('no PTR record for IPv6') }
    const { state, raised } = afterSession(newSite(settings), [avoid], at(1000))
    expect(raised).toEqual([])
    expect(familyNow(newSite(settings), 'both', 1000)).toBe('both')
    expect(familyNow(state, 'both', 1000)).toBe('v4')
    expect(familyNow(state, 'v4_first', 1000 + 24 * HOUR - 1)).toBe('v4')
    expect(familyNow(state, 'both', 1000 + 24 * HOUR)).toBe('both')
    expect(familyNow(state, 'v6', 1000)).toBe('v6')
  })
})

describe('O37 the limits of several nodes', () => {
  it('are together the limit', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1000 }), fc.integer({ min: 1, max: 20 }), (limit, nodes) => {
        const shares = Array.from({ length: nodes }, (_, index) => shareOf(limit, nodes, index))
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(limit)
        expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('are kept by two nodes that do not know of each other', () => {
    const whole: SiteSettings = { start: 3, max: { concurrency: 5, perMinute: 9 } }
    const nodes = [0, 1].map((index) => settingsOfNode(whole, 2, index))
    const running = nodes.map((own) => {
      let count = 0
      let state = newSite(own)
      for (let step = 0; step < 100; step += 1) {
        state = afterSession(state, [delivered], { ...at(0), settings: own }).state
        if (admit(state, { settings: own, source: '', running: count, now: 0 }).kind === 'go') count += 1
      }
      return count
    })
    expect(running.reduce((sum, count) => sum + count, 0)).toBe(5)
    expect(nodes.map(({ max }) => max.perMinute)).toEqual([5, 4])
  })

  it('leave a site to the others when there is nothing to share', () => {
    const own = settingsOfNode({ start: 1, max: { concurrency: 1, perMinute: 1 } }, 2, 1)
    expect(admit(newSite(own), { settings: own, source: '', running: 0, now: 0 })).toMatchObject({
      kind: 'wait',
      reason: 'busy',
    })
  })
})
