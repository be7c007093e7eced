import { expect, it } from 'vitest'
import { createBodyRoom, messageBodyLimit } from './body-room.ts'

const MIB = 1_048_576
const LIMIT = messageBodyLimit(50 * MIB)
const withLength = (bytes: number | string | null) => ({
  headers: new Headers(bytes === null ? {} : { 'content-length': String(bytes) }),
})

/** Work that goes on until it is ended. */
const held = () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  return { work: () => promise, end: () => resolve('done') }
}

it('small bodies never wait; large ones wait for room, whoever sends them', async () => {
  const room = createBodyRoom({ waitMs: 50 })
  const large = held()
  const first = room.run('a', withLength(60 * MIB), LIMIT, large.work)
  expect(await room.run('b', withLength(1000), LIMIT, () => Promise.resolve('small'))).toBe('small')
  // One that does not say how long it is may be as long as allowed.
  for (const length of [60 * MIB, null, 'many', '-1', '1e3']) {
    await expect(room.run('b', withLength(length), LIMIT, large.work)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      retryAfter: 5,
    })
  }
  large.end()
  expect(await first).toBe('done')
  expect(await room.run('b', withLength(60 * MIB), LIMIT, () => Promise.resolve('next'))).toBe('next')
})

it('no caller takes all the places', async () => {
  const room = createBodyRoom({ waitMs: 50 })
  const mine = held()
  const two = [1, 2].map(() => room.run('a', withLength(2 * MIB), LIMIT, mine.work))
  await expect(room.run('a', withLength(2 * MIB), LIMIT, mine.work)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await room.run('b', withLength(2 * MIB), LIMIT, () => Promise.resolve('b'))).toBe('b')
  mine.end()
  expect(await Promise.all(two)).toEqual(['done', 'done'])
})
