import { describe, expect, it } from 'vitest'
import type { Actor } from '../access/index.ts'
import { outsideTurn } from './held-turn.ts'
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

describe('what waits for something else gives its turn back', () => {
  it('meanwhile others read, and it goes on when it is its turn again', async () => {
    const turns = createReadTurns({ width: 1 })
    const [worker, other] = [held(), held()]
    const order: string[] = []
    const waiting = turns.run(ANN, GET, async () => {
      await outsideTurn(worker.work)
      order.push('ann goes on')
    })
    await expect.poll(worker.started).toBe(1)
    const reading = turns.run(BOB, GET, other.work).then(() => order.push('bob is done'))
    await expect.poll(other.started).toBe(1)
    worker.end()
    expect(await turns.run(ANN, new Request('http://localhost/', { method: 'POST' }), () => Promise.resolve(1))).toBe(1)
    expect(order).toEqual([])
    other.end()
    await Promise.all([waiting, reading])
    expect(order).toEqual(['bob is done', 'ann goes on'])
    expect(await turns.run(BOB, GET, () => Promise.resolve('free'))).toBe('free')
  })

  it('any number of users whose reads wait for workers hold no turn', async () => {
    const turns = createReadTurns()
    const worker = held()
    const all = Array.from({ length: 40 }, (_, at) => ({ ...ANN, userId: `user ${at}` })).flatMap((actor) =>
      [1, 2, 3, 4].map(() => turns.run(actor, GET, () => outsideTurn(worker.work))),
    )
    await expect.poll(worker.started).toBe(160)
    expect(await turns.run(BOB, GET, () => Promise.resolve('bob'))).toBe('bob')
    worker.end()
    expect(new Set(await Promise.all(all))).toEqual(new Set(['done']))
  })

  it('several waits of a request, one in another, and one that outlives it, leave every turn free', async () => {
    const turns = createReadTurns({ width: 1 })
    const [late, failing] = [held(), () => Promise.reject(new Error('broken'))]
    const done = () => Promise.resolve('done')
    const outlives: Promise<string>[] = []
    const result = await turns.run(ANN, GET, async () => {
      outlives.push(outsideTurn(late.work))
      await expect(outsideTurn(failing)).rejects.toThrow('broken')
      return Promise.all([outsideTurn(done), outsideTurn(() => outsideTurn(done))])
    })
    expect(result).toEqual(['done', 'done'])
    expect(await turns.run(BOB, GET, done)).toBe('done')
    late.end()
    expect(await Promise.all(outlives)).toEqual(['done'])
    for (const actor of [ANN, BOB]) expect(await turns.run(actor, GET, () => outsideTurn(done))).toBe('done')
  })

  it('is refused when it gets no turn again, or its client has left', async () => {
    const turns = createReadTurns({ width: 1, waitMs: 20 })
    const [worker, other] = [held(), held()]
    const refused = expect(turns.run(ANN, GET, () => outsideTurn(worker.work))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    })
    await expect.poll(worker.started).toBe(1)
    const reading = turns.run(BOB, GET, other.work)
    await expect.poll(other.started).toBe(1)
    worker.end()
    await refused
    other.end()
    await reading
    const left = new AbortController()
    const leaving = new Request('http://localhost/', { signal: left.signal })
    const leave = (): Promise<void> => {
      left.abort()
      return Promise.resolve()
    }
    const leaves = turns.run(ANN, leaving, () => outsideTurn(leave))
    await expect(leaves).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
    expect(await turns.run(BOB, GET, () => Promise.resolve('free'))).toBe('free')
  })
})
