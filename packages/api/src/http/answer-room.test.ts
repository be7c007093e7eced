import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Actor } from '../access/index.ts'
import { bench, busy, caller, get, KIB, LIMITS, post } from '../testing/answer-bench.ts'
import { callerOf } from './caller.ts'
import { jsonContent } from './content.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

it('an answer arrives whole, with its status and header', async () => {
  const { ask, room } = bench()
  for (const size of [1, KIB, 199 * KIB, 900 * KIB]) {
    const answer = await ask('a', size)
    expect([answer.status, answer.headers.get('x-kind')]).toEqual([201, 'test'])
    expect(await answer.text()).toHaveLength(size)
  }
  const value = ['x'.repeat(300 * KIB)]
  const made = { head: new Response(null, { status: 202 }), content: jsonContent(value) }
  const long = await room.run(caller('a'), get, () => Promise.resolve(made))
  expect([long.status, await long.text()]).toEqual([202, JSON.stringify(value)])
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

describe('the answers of one caller refuse nothing to others', () => {
  it('however long a single one is', async () => {
    const { ask } = bench()
    await ask('a', 9000 * KIB)
    await ask('b', 9000 * KIB, post)
    expect((await ask('c', 90 * KIB)).status).toBe(201)
    expect((await ask(caller('d', 'other'), 190 * KIB)).status).toBe(201)
  })

  it('a tenant has its share, of which who has none gets the second half alone', async () => {
    const { ask } = bench()
    await ask('a', 100 * KIB)
    await ask('b', 100 * KIB)
    await expect(ask('a', 60 * KIB)).rejects.toMatchObject(busy)
    for (const name of ['c', 'd']) await ask(name, 140 * KIB)
    await expect(ask('e', 60 * KIB)).rejects.toMatchObject(busy)
    expect((await ask('e', 20 * KIB)).status).toBe(201)
    await expect(ask('e', 20 * KIB)).rejects.toMatchObject(busy)
    expect((await ask(caller('f', 'other'), 190 * KIB)).status).toBe(201)
    const later = await Promise.allSettled(Array.from({ length: 50 }, (_, at) => ask(`f${at}`, 20 * KIB)))
    expect(later.filter(({ status }) => status === 'fulfilled').length).toBeLessThanOrEqual(250 / 20)
  })

  it('what all tenants together do not read is bounded', async () => {
    const { ask } = bench()
    for (const name of ['a', 'b', 'c', 'd', 'e']) await ask(caller(name, name), 155 * KIB)
    await expect(ask(caller('f', 'f'), 60 * KIB)).rejects.toMatchObject(busy)
  })

  it('changes and logins are made however full it is', async () => {
    const { ask } = bench()
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await ask(caller(name, name), 300 * KIB, post)
    expect((await ask('z', 90 * KIB, post)).status).toBe(201)
    expect((await ask(callerOf(null, '192.0.2.1'), 1, post)).status).toBe(201)
  })
})

it('a change waits neither for what its caller does not read, nor for what the keys of the same user do', async () => {
  const { ask } = bench()
  const actor = { kind: 'user', tenantId: 't', userId: 'u', id: 'u' }
  const session = callerOf({ ...actor, sessionId: 's' } as Actor, '::1')
  const key = callerOf({ ...actor, kind: 'api_key', sessionId: null } as Actor, '::1')
  await ask(key, 190 * KIB)
  await expect(ask(session, 60 * KIB)).rejects.toMatchObject(busy)
  expect((await ask(session, 1, post)).status).toBe(201)
  for (const size of [90 * KIB, 300 * KIB]) await ask(key, size, post)
  await expect(Promise.race([ask(key, 1, post), Promise.resolve('waits')])).resolves.toBe('waits')
  expect((await ask(session, 1, post)).status).toBe(201)
})

it('changes of a user whose answers may be long are made a few at a time, and wait until those are read', async () => {
  const { ask, made } = bench({ bytesPerCaller: 5000 * KIB, bytesPerTenant: 9000 * KIB, bytes: 9000 * KIB })
  const first = await ask('a', 90 * KIB, post)
  await ask('a', 90 * KIB, post)
  const third = ask('a', 90 * KIB, post)
  expect((await ask('a', 90 * KIB)).status).toBe(201)
  expect((await ask('b', 90 * KIB, post)).status).toBe(201)
  expect(made).toEqual(['t a', 't a', 't a', 't b'])
  await first.text()
  expect(await (await third).text()).toHaveLength(90 * KIB)
  await ask('a', 90 * KIB, post)
  const late = expect(ask('a', 1, post)).rejects.toMatchObject(busy)
  vi.advanceTimersByTime(LIMITS.waitMs)
  await late
})

describe('an answer in parts', () => {
  const part = (size: number) => jsonContent('x'.repeat(size - 2))
  /** Asks for an answer of parts; returns how each of them fared. */
  const put = async (
    { room }: ReturnType<typeof bench>,
    who: string,
    sizes: number[],
    request = get,
  ): Promise<string[]> => {
    const fared: string[] = []
    let whole = 0
    await room.run(caller(who), request, (parts) => {
      for (const size of sizes) {
        try {
          parts.requireRoom()
          fared.push('made')
          parts.book(part(size))
          whole += size
        } catch (error) {
          fared.push((error as { code: string }).code)
        }
      }
      return Promise.resolve({ head: new Response(null), content: part(whole + 10) })
    })
    return fared
  }

  it('has no more of them than fit, and a single one of any size', async () => {
    const at = bench()
    // The first that does not fit has been made: only then is its size known.
    const refused = ['made', 'PAYLOAD_TOO_LARGE', 'PAYLOAD_TOO_LARGE']
    const fared = await put(at, 'a', [50 * KIB, 40 * KIB, 20 * KIB, 5 * KIB])
    expect(fared).toEqual(['made', 'made', ...refused])
    expect(await put(at, 'b', [150 * KIB, 5 * KIB, 5 * KIB])).toEqual(['made', ...refused])
  })

  it('takes room as they are made', async () => {
    const at = bench()
    await at.ask('a', 130 * KIB)
    const { room } = at
    const fared = await room.run(caller('a'), get, (parts) => {
      parts.book(part(60 * KIB))
      expect(() => parts.book(part(20 * KIB))).toThrow('earlier requests')
      expect(() => parts.requireRoom()).toThrow('earlier requests')
      return Promise.resolve({ head: new Response(null), content: part(61 * KIB) })
    })
    expect(await fared.text()).toHaveLength(61 * KIB)
  })

  it('answers every change that was made, and makes no further one', async () => {
    const fared = await put(bench(), 'a', [50 * KIB, 300 * KIB, 5 * KIB], post)
    expect(fared).toEqual(['made', 'made', 'PAYLOAD_TOO_LARGE'])
  })

  it('that fails holds nothing', async () => {
    const { room, ask } = bench()
    const failed = room.run(caller('a'), get, (parts) => {
      parts.book(part(90 * KIB))
      return Promise.reject(new Error('no'))
    })
    await expect(failed).rejects.toThrow('no')
    expect((await ask('a', 190 * KIB)).status).toBe(201)
    await expect(ask('a', 60 * KIB)).rejects.toMatchObject(busy)
  })
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
      vi.advanceTimersByTime(900)
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
  for (let at = 0; at < 7; at += 1) {
    vi.advanceTimersByTime(900)
    if (at < 6) await reader?.read()
  }
  await expect(reader?.read()).rejects.toThrow('too slowly')
})

it('an answer without content stays as it is', async () => {
  const { room } = bench()
  expect((await room.run(caller('a'), get, () => Promise.resolve(new Response(null, { status: 304 })))).status).toBe(
    304,
  )
})
