import { describe, expect, it } from 'vitest'
import { admit, afterPlan, afterSession, newSite, started, type SiteState } from './index.ts'
import { MINUTE, HOUR, settings, at, asked, delivered, unreachable, after } from './throttle.fixtures.ts'

describe('a dead site', () => {
  const plan = (state: SiteState, now: number) => afterPlan(state, true, 'no answer', at(now))
  const dead = plan(plan(newSite(settings), 0), 0)

  it('O29 is one after two attempts in a row without a host that takes part', () => {
    expect(plan(newSite(settings), 0).dead).toBe(null)
    expect(dead.dead).toMatchObject({ since: 0, until: MINUTE, step: 0, reply: 'no answer' })
    const between = afterPlan(plan(newSite(settings), 0), false, '', at(0))
    expect(plan(between, 0).dead).toBe(null)
  })

  it('O29 is deferred as a whole, longer with each failed probe', () => {
    expect(admit(dead, asked(0))).toEqual({ kind: 'wait', reason: 'dead', until: MINUTE })
    let [state, now] = [dead, 0]
    const waits: number[] = []
    for (let step = 0; step < 7; step += 1) {
      const until = state.dead?.until ?? 0
      waits.push((until - now) / MINUTE)
      now = until
      state = plan(started(state, admit(state, asked(now)), asked(now)), now)
    }
    expect(waits).toEqual([1, 5, 15, 30, 60, 60, 60])
  })

  it('O30 is probed by one attempt a step', () => {
    expect(admit(dead, asked(MINUTE))).toEqual({ kind: 'probe' })
    const probed = started(dead, { kind: 'probe' }, asked(MINUTE))
    expect(admit(probed, asked(MINUTE))).toEqual({ kind: 'wait', reason: 'dead', until: 16 * MINUTE })
    // The worker of the probe is gone.
    expect(admit(probed, asked(16 * MINUTE))).toEqual({ kind: 'probe' })
  })

  it('O29 starts again from low when a host takes part', () => {
    const grownUp = after(newSite(settings), delivered, 0, 500)
    const again = afterPlan(plan(plan(grownUp, 0), 0), false, '', at(MINUTE))
    expect(again).toMatchObject({ dead: null, failedPlans: 0, concurrency: 3 })
    expect(admit(again, asked(MINUTE))).toEqual({ kind: 'go' })
  })

  it('O30 costs 1,000 waiting messages one attempt a step', () => {
    let state = newSite(settings)
    const attempts: { at: number; kind: string }[] = []
    let running: { ends: number; startedAt: number }[] = []
    // Every second each of the messages asks; an attempt takes 30 s and fails.
    for (let now = 0; now < 2 * HOUR; now += 1000) {
      for (const { startedAt } of running.filter(({ ends }) => ends === now)) {
        state = afterSession(state, [unreachable], at(now, { startedAt })).state
        state = afterPlan(state, true, 'no answer', at(now, { startedAt }))
      }
      running = running.filter(({ ends }) => ends > now)
      for (let message = 0; message < 1000; message += 1) {
        const question = asked(now, running.length)
        const admission = admit(state, question)
        // Whoever waits makes the others wait too.
        if (admission.kind === 'wait') break
        state = started(state, admission, question)
        attempts.push({ at: now, kind: admission.kind })
        running.push({ ends: now + 30_000, startedAt: now })
      }
    }
    expect(attempts.filter(({ kind }) => kind === 'go')).toHaveLength(3)
    const probes = attempts.filter(({ kind }) => kind === 'probe').map((probe) => probe.at)
    expect(probes).toHaveLength(5)
    expect(new Set(probes).size).toBe(5)
  })
})
