import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type AnswerLimits, createAnswerRoom } from './answer-room.ts'

const KIB = 1024
const LIMITS: AnswerLimits = {
  smallBytes: KIB,
  bytesPerCaller: 200 * KIB,
  bytes: 500 * KIB,
  pieceMs: 1000,
  answerMs: 5000,
}
const get = { method: 'GET' }
const post = { method: 'POST' }
const busy = { code: 'UNAVAILABLE', retryAfter: 5 }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Asks for answers of a size, and counts how often one was made. */
function bench(limits: Partial<AnswerLimits> = {}) {
  const room = createAnswerRoom({ ...LIMITS, ...limits })
  const made: string[] = []
  const ask = (caller: string, size: number, request = get): Promise<Response> =>
    room.run(caller, request, () => {
      made.push(caller)
      return Promise.resolve(new Response('x'.repeat(size), { status: 201, headers: { 'X-Kind': 'test' } }))
    })
  return { ask, made, room }
}

it('an answer arrives whole, with its status and header', async () => {
  const { ask } = bench()
  for (const size of [1, KIB, 199 * KIB, 900 * KIB]) {
    const answer = await ask('a', size)
    expect([answer.status, answer.headers.get('x-kind')]).toEqual([201, 'test'])
    expect(await answer.text()).toHaveLength(size)
  }
})

it('what a caller does not read is bounded, and others are served', async () => {
  const { ask } = bench()
  const first = await ask('a', 150 * KIB)
  await expect(ask('a', 60 * KIB)).rejects.toMatchObject(busy)
  expect(await (await ask('a', KIB)).text()).toHaveLength(KIB)
  expect(await (await ask('b', 150 * KIB)).text()).toHaveLength(150 * KIB)
  await first.text()
  expect(await (await ask('a', 60 * KIB)).text()).toHaveLength(60 * KIB)
})

it('what all callers together do not read is bounded', async () => {
  const { ask } = bench()
  for (const caller of ['a', 'b', 'c']) await ask(caller, 160 * KIB)
  await expect(ask('d', 160 * KIB)).rejects.toMatchObject(busy)
  expect((await ask('d', KIB)).status).toBe(201)
})

it('a change for whose answer there is no room is not made', async () => {
  const { ask, made } = bench()
  await ask('a', 200 * KIB, post)
  await expect(ask('a', 1, post)).rejects.toMatchObject(busy)
  expect(made).toHaveLength(1)
  // Once made it is answered, whatever it has become.
  expect(await (await ask('b', 900 * KIB, post)).text()).toHaveLength(900 * KIB)
})

it('a client that has left, or was never sent the answer, holds nothing', async () => {
  const { ask } = bench()
  await (await ask('a', 190 * KIB)).body?.cancel()
  await ask('a', 190 * KIB, { method: 'HEAD' })
  expect(await (await ask('a', 190 * KIB)).text()).toHaveLength(190 * KIB)
})

it('a client that does not read is given up, at the first piece and at any other', async () => {
  const { ask } = bench()
  for (const read of [0, 1, 2]) {
    const reader = (await ask('a', 190 * KIB)).body?.getReader()
    for (let at = 0; at < read; at += 1) {
      vi.advanceTimersByTime(999)
      expect((await reader?.read())?.value).toHaveLength(64 * KIB)
    }
    await expect(ask('a', 190 * KIB)).rejects.toMatchObject(busy)
    vi.advanceTimersByTime(1000)
    await expect(reader?.read()).rejects.toThrow('too slowly')
  }
  expect(await (await ask('a', 190 * KIB)).text()).toHaveLength(190 * KIB)
})

it('a client that reads a little now and then is given up at last', async () => {
  const { ask } = bench()
  const reader = (await ask('a', 900 * KIB)).body?.getReader()
  for (let at = 0; at < 6; at += 1) {
    vi.advanceTimersByTime(900)
    if (at < 5) await reader?.read()
  }
  await expect(reader?.read()).rejects.toThrow('too slowly')
})

it('an answer without content stays as it is', async () => {
  const { room } = bench()
  expect((await room.run('a', get, () => Promise.resolve(new Response(null, { status: 304 })))).status).toBe(304)
})
