import { expect, it } from 'vitest'
import { createFileRoom } from './file-room.ts'
import { SPACE_RESERVE } from './free-space.ts'

const world = (free: () => Promise<number | null>) => {
  const clock = { now: 0 }
  return { room: createFileRoom(free, () => clock.now), clock }
}

it('is what is free above the reserve and what the files hold, measured once a second, or when they are stored', async () => {
  const disk = { free: SPACE_RESERVE + 1000, measured: 0 }
  const { room, clock } = world(() => {
    disk.measured++
    return Promise.resolve(disk.free)
  })
  expect(room.last()).toBe(Infinity)
  expect(await room.bytes()).toBe(1000)
  room.wrote(400)
  disk.free -= 400
  expect(await room.bytes()).toBe(1000)
  expect(disk.measured).toBe(1)
  clock.now = 1000
  expect(await room.bytes()).toBe(1000)
  room.wrote(-400)
  room.stored()
  expect(await room.bytes()).toBe(600)
  expect(room.last()).toBe(600)
  disk.free = 0
  room.stored()
  expect(await room.bytes()).toBe(-SPACE_RESERVE)
})

it('asks again when files were stored while the disk was measured', async () => {
  const answers = [Promise.withResolvers<number | null>(), Promise.withResolvers<number | null>()]
  let asked = 0
  const { room } = world(() => answers[asked++]?.promise ?? Promise.resolve(null))
  const bytes = room.bytes()
  room.stored()
  answers[1]?.resolve(SPACE_RESERVE + 5)
  const later = room.bytes()
  answers[0]?.resolve(SPACE_RESERVE + 9)
  expect(await bytes).toBe(5)
  expect(await later).toBe(5)
  expect(asked).toBe(2)
})

it('is endless if the system does not tell', async () => {
  expect(await world(() => Promise.resolve(null)).room.bytes()).toBe(Infinity)
})
