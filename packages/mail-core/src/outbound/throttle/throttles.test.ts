import { describe, expect, it } from 'vitest'
import {
  admit,
  afterSession,
  chooseSource,
  currentThrottles,
  lifted,
  limitsNow,
  newSite,
  started,
  type SiteState,
} from './index.ts'
import { MINUTE, HOUR, settings, at, asked, delivered, slow, listed, after } from './throttle.fixtures.ts'

describe('O32 a rate answer', () => {
  it('makes the site slower for a while, visibly', () => {
    const { state, raised } = afterSession(newSite(settings), [slow()], at(1000))
    expect(raised).toEqual([
      {
        scope: { site: 'mx.example', source: null },
        cause: 'rate',
        rule: expect.stringMatching(/^text: too many/) as string,
        reply: '451 4.7.1 too many messages',
        since: 1000,
        until: 1000 + 10 * MINUTE,
        limits: { concurrency: 10, perMinute: 60 },
        level: 1,
        successes: 0,
        changed: 1000,
      },
    ])
    expect(limitsNow(state, asked(1000))).toEqual({ concurrency: 3, perMinute: 60 })
  })

  it('makes it slower still with a further one, but not for what was under way, nor before the level has had its time', () => {
    const first = after(newSite(settings), slow(), 1000)
    expect(afterSession(first, [slow()], at(2000, { startedAt: 500 }))).toEqual({ state: first, raised: [] })
    expect(afterSession(first, [slow()], at(1000 + 5 * MINUTE - 1)).state).toEqual(first)
    const second = afterSession(first, [slow()], at(1000 + 5 * MINUTE))
    expect(second.raised).toEqual([])
    expect(second.state.throttles).toMatchObject([
      { level: 2, since: 1000, until: 1000 + 25 * MINUTE, limits: { concurrency: 5, perMinute: 20 } },
    ])
  })

  it('O35 holds for the time that the remote named', () => {
    expect(after(newSite(settings), slow(7200), 0).throttles[0]?.until).toBe(2 * HOUR)
  })

  it('spaces the starts', () => {
    const state = after(newSite(settings), slow())
    const next = started(state, admit(state, asked(0)), asked(0))
    expect(admit(next, asked(500))).toEqual({ kind: 'wait', reason: 'rate', until: 1000 })
    expect(admit(next, asked(1000))).toEqual({ kind: 'go' })
  })

  it('goes back level by level with what goes through after its time', () => {
    const strict = after(after(newSite(settings), slow(), 0), slow(), 5 * MINUTE)
    const until = strict.throttles[0]?.until ?? 0
    expect(after(strict, delivered, until - 1, 20).throttles[0]?.level).toBe(2)
    expect(after(strict, delivered, until, 4).throttles[0]?.level).toBe(2)
    expect(after(strict, delivered, until, 5).throttles[0]).toMatchObject({ level: 1, limits: { perMinute: 60 } })
    expect(after(strict, delivered, until, 10).throttles).toEqual([])
  })

  it('is forgotten when nothing was sent for an hour after', () => {
    const state = after(newSite(settings), slow(), 0)
    expect(currentThrottles(state, 70 * MINUTE - 1)).toHaveLength(1)
    expect(currentThrottles(state, 70 * MINUTE)).toEqual([])
    expect(afterSession(state, [slow()], at(80 * MINUTE)).state.throttles).toMatchObject([{ level: 1 }])
  })

  it('can be undone', () => {
    const state = after(after(newSite(settings), slow()), listed)
    expect(lifted(state, ({ cause }) => cause === 'rate').throttles.map(({ cause }) => cause)).toEqual(['block_list'])
  })
})

describe('O33 a block list', () => {
  const paused = after(newSite(settings), listed, 0)

  it('pauses the source that is on it, and raises one alert with the way off it', () => {
    const { raised } = afterSession(newSite(settings), [listed], at(0))
    expect(raised).toMatchObject([
      {
        cause: 'block_list',
        scope: { source: '192.0.2.1' },
        rule: 'Spamhaus (https://check.spamhaus.org/)',
        until: HOUR,
      },
    ])
    expect(afterSession(paused, [listed], at(10)).raised).toEqual([])
    expect(admit(paused, asked(0))).toEqual({ kind: 'wait', reason: 'paused', until: HOUR })
  })

  it('leaves other sources alone', () => {
    expect(admit(paused, { ...asked(0), source: '192.0.2.2' })).toEqual({ kind: 'go' })
  })

  it('has another source take its place while it is paused, and no longer', () => {
    const choose = (state: SiteState, now: number, sources = ['192.0.2.1', '192.0.2.2']) =>
      chooseSource(state, sources, { settings, running: 0, now })
    expect(choose(newSite(settings), 0)).toEqual({ source: '192.0.2.1', admission: { kind: 'go' } })
    expect(choose(paused, 0)).toEqual({ source: '192.0.2.2', admission: { kind: 'go' } })
    expect(choose(paused, HOUR)?.source).toBe('192.0.2.1')
    const both = afterSession(paused, [listed], at(1000, { source: '192.0.2.2' })).state
    expect(choose(both, 1000)).toEqual({
      source: '192.0.2.1',
      admission: { kind: 'wait', reason: 'paused', until: HOUR },
    })
    expect(choose(both, 1000, [])).toBe(null)
  })

  it('O34 keeps the source that a greylisting server knows, even when it has to wait', () => {
    const busy = { settings, running: 3, now: 0 }
    expect(chooseSource(newSite(settings), ['192.0.2.1', '192.0.2.2'], busy)).toMatchObject({
      source: '192.0.2.1',
      admission: { kind: 'wait', reason: 'busy' },
    })
  })

  it('lets one message a minute through when its time is over, and ends with what goes through', () => {
    expect(admit(paused, asked(HOUR, 1))).toEqual({ kind: 'wait', reason: 'busy', until: null })
    expect(admit(paused, asked(HOUR))).toEqual({ kind: 'go' })
    expect(admit(started(paused, { kind: 'go' }, asked(HOUR)), asked(HOUR + 1000))).toMatchObject({ reason: 'rate' })
    expect(after(paused, delivered, HOUR, 5).throttles).toEqual([])
    expect(after(paused, listed, HOUR).throttles).toMatchObject([{ level: 2, until: 3 * HOUR }])
  })
})
