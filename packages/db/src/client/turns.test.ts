import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SearchBusyError, SearchTooSlowError } from './errors.ts'
import { createTurns, SEARCH_MS, type TimeLeft } from './turns.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Turns whose searches go on until the test ends them. */
function bench() {
  const turns = createTurns({ maxWaitingPerName: 1 })
  const began: string[] = []
  const start = (reader: string, label: string) => {
    const gate = Promise.withResolvers<string>()
    let left: TimeLeft = () => Number.NaN
    const answer = turns.run(reader, (given) => {
      began.push(label)
      left = given
      return gate.promise
    })
    answer.catch(() => undefined)
    return { answer, end: () => gate.resolve(label), left: () => left() }
  }
  return { began, start }
}

describe('searches', () => {
  it('of one reader run one after the other, beside those of others', async () => {
    const { began, start } = bench()
    const first = start('ann', 'first')
    const second = start('ann', 'second')
    const other = start('bob', 'other')
    await vi.advanceTimersByTimeAsync(0)
    expect(began).toEqual(['first', 'other'])
    first.end()
    expect(await first.answer).toBe('first')
    await vi.advanceTimersByTimeAsync(0)
    expect(began).toEqual(['first', 'other', 'second'])
    second.end()
    other.end()
  })

  it('are answered at the time limit, but keep their turn until the database is done', async () => {
    const { began, start } = bench()
    const slow = start('ann', 'slow')
    const next = start('ann', 'next')
    await vi.advanceTimersByTimeAsync(SEARCH_MS - 1)
    expect(slow.left()).toBe(1)
    await vi.advanceTimersByTimeAsync(1)
    await expect(slow.answer).rejects.toThrow(SearchTooSlowError)
    expect(() => slow.left()).toThrow(SearchTooSlowError)
    expect(began).toEqual(['slow'])
    slow.end()
    await vi.advanceTimersByTimeAsync(0)
    expect(began).toEqual(['slow', 'next'])
    next.end()
    expect(await next.answer).toBe('next')
  })

  it('that get no turn are refused', async () => {
    const { start } = bench()
    const all = ['one', 'two', 'three'].map((label) => start('ann', label))
    await expect(all[2]?.answer).rejects.toThrow(SearchBusyError)
    await vi.advanceTimersByTimeAsync(60_000)
    await expect(all[1]?.answer).rejects.toThrow(SearchBusyError)
  })
})
