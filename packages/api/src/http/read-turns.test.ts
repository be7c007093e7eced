import { expect, it } from 'vitest'
import type { Actor } from '../access/index.ts'
import { createReadTurns } from './read-turns.ts'

/** Casts: the turns use nothing else of an actor. */
const ANN = { tenantId: 't', userId: 'ann', id: 'ann', name: 'ann' } as unknown as Actor
const ANNS_KEY = { tenantId: 't', userId: 'ann', id: 'key', name: 'key' } as unknown as Actor
const BOB = { tenantId: 't', userId: 'bob', id: 'bob', name: 'bob' } as unknown as Actor
const GET = new Request('http://localhost/')

/** Work that goes on until it is ended. */
function held() {
  const { promise, resolve } = Promise.withResolvers<string>()
  let started = 0
  const work = () => {
    started += 1
    return promise
  }
  return { work, started: () => started, end: () => resolve('done') }
}

it('reads a few requests of a caller at a time, with all keys, and others’ beside them', async () => {
  const turns = createReadTurns({ widthPerName: 2 })
  const { work, started, end } = held()
  const all = [ANN, ANNS_KEY, ANN, ANNS_KEY].map((actor) => turns.run(actor, GET, work))
  expect(await turns.run(BOB, GET, () => Promise.resolve('bob'))).toBe('bob')
  await expect.poll(started).toBe(2)
  end()
  expect(await Promise.all(all)).toEqual(Array.from({ length: 4 }, () => 'done'))
  expect(started()).toBe(4)
})

it('never holds up changes and requests without a login', async () => {
  const turns = createReadTurns({ width: 1 })
  const { work, end } = held()
  const first = turns.run(ANN, GET, work)
  const change = new Request('http://localhost/', { method: 'POST' })
  expect(await turns.run(ANN, change, () => Promise.resolve('changed'))).toBe('changed')
  expect(await turns.run(null, GET, () => Promise.resolve('public'))).toBe('public')
  end()
  await first
})

it('refuses what waits too long, and drops what nobody waits for', async () => {
  const { work, end } = held()
  const turns = createReadTurns({ width: 1, waitMs: 1 })
  const first = turns.run(ANN, GET, work)
  await expect(turns.run(ANN, GET, work)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfter: 5 })
  const left = new AbortController()
  const patient = createReadTurns({ width: 1 })
  const second = patient.run(ANN, GET, work)
  const dropped = held()
  const third = patient.run(BOB, new Request('http://localhost/', { signal: left.signal }), dropped.work)
  left.abort()
  end()
  await expect(third).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
  expect(dropped.started()).toBe(0)
  expect(await Promise.all([first, second])).toEqual(['done', 'done'])
})

it('lets others be heard between the requests that waited', async () => {
  const turns = createReadTurns({ widthPerName: 1 })
  let heard = false
  const order: string[] = []
  const all = [1, 2, 3].map((n) => turns.run(ANN, GET, () => Promise.resolve(order.push(`${n} ${heard}`))))
  setImmediate(() => (heard = true))
  await Promise.all(all)
  expect(order.slice(1)).toEqual(['2 true', '3 true'])
})
