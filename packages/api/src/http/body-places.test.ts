import { expect, it } from 'vitest'
import { held, LIMIT, MIB, sizeOf, useBodyFolder, whole } from '../testing/body-bench.ts'
import { called } from '../testing/caller.ts'
import { sending } from '../testing/sending.ts'
import { JSON_LIMIT } from './body.ts'

const { makeRoom } = useBodyFolder()

it('a body that waits for something else before it is read takes no room of those that are worked on', async () => {
  const room = makeRoom()
  const waiting = held()
  const idle = ['a 1', 'a 1', 'a 2', 'a 2', 'b 1', 'b 1', 'b 2', 'b 2'].map((user) =>
    room.receive(called(user), whole(40 * MIB), LIMIT, waiting.idle),
  )
  await waiting.begun
  expect(await room.receive(called('a 3'), whole(40 * MIB), LIMIT, sizeOf)).toBe(40 * MIB)
  waiting.end()
  const outcomes = await Promise.allSettled(idle)
  expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true)
})

it('those that may be large and those that may not take no room of each other while they are worked on', async () => {
  const room = makeRoom()
  const work = held()
  const large = ['a 1', 'a 1', 'a 2', 'a 2'].map((user) => room.receive(called(user), whole(2 * MIB), LIMIT, work.work))
  await work.begun
  await expect(room.receive(called('a 1'), whole(2 * MIB), LIMIT, sizeOf)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  })
  const { request, send, end } = sending(JSON_LIMIT)
  // So much of theirs is in memory that it goes to a file.
  const full = Array.from({ length: 8 }, () => sending())
  const arriving = full.map((one) => room.receive(called('a 1'), one.request, LIMIT, sizeOf).catch(() => null))
  for (const one of full) await one.send(MIB)
  const small = room.receive(called('a 1'), request, JSON_LIMIT, sizeOf)
  await send(JSON_LIMIT)
  await end()
  expect(await small).toBe(JSON_LIMIT)
  work.end()
  for (const one of full) await one.end()
  await Promise.all([...large, ...arriving])
})
