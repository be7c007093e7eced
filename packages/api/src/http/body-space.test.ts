import { SPACE_RESERVE } from '@mairust/db'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { called } from '../testing/caller.ts'
import { type BodyPlace, createBodySpace } from './body-space.ts'

const MIB = 1_048_576
const FULL = { code: 'UNAVAILABLE', message: 'The disk of the server is full. Whoever runs it has to free space.' }
const BUSY = { code: 'UNAVAILABLE', message: expect.stringContaining('Other large requests') as string, retryAfter: 5 }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** A disk with so much above the reserve. */
const world = (above: number) => {
  let now = 0
  const disk = { free: SPACE_RESERVE + above, least: SPACE_RESERVE + above }
  const take = (bytes: number): void => {
    disk.free -= bytes
    disk.least = Math.min(disk.least, disk.free)
  }
  const space = createBodySpace({ freeBytes: () => Promise.resolve(disk.free), waitMs: 1000, now: () => now })
  /** Writes so much, a MiB at a time. */
  const write = async (place: BodyPlace, bytes: number): Promise<void> => {
    for (let at = 0; at < bytes; at += MIB) {
      await place.grow(MIB)
      take(MIB)
      place.wrote(MIB)
    }
  }
  return { space, disk, take, write, later: () => (now += 1000) }
}

/** Books, and says it with the error if that fails. */
const outcome = (booked: Promise<BodyPlace>): Promise<unknown> =>
  booked.then(
    () => 'booked',
    (error: unknown) => error,
  )

it('of many bodies that come at once, only as many are taken as leave a quarter of the space to mail', async () => {
  const { space, disk, write, later } = world(800 * MIB)
  const asked = Array.from({ length: 64 }, (_each, at) => space.book(called(`t${at % 8} u${at}`), 50 * MIB))
  const settled = Promise.allSettled(asked)
  await vi.advanceTimersByTimeAsync(1000)
  const places = (await settled).flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []))
  expect(places).toHaveLength(12)
  for (let step = 0; step < 5; step += 1) {
    later()
    await Promise.all(places.map((place) => write(place, 10 * MIB)))
  }
  expect(disk.least).toBe(SPACE_RESERVE + 200 * MIB)
})

it('a user takes a quarter of the space and a tenant half, declared or come, and others have the rest', async () => {
  const { space, write } = world(400 * MIB)
  const growing = await space.book(called('a 1'), MIB)
  await write(growing, 60 * MIB)
  const refusals = [space.book(called('a 1'), 50 * MIB)]
  await space.book(called('a 2'), 100 * MIB)
  refusals.push(space.book(called('a 3'), 50 * MIB))
  const refused = Promise.all(refusals.map(outcome))
  await vi.advanceTimersByTimeAsync(1000)
  expect(await refused).toEqual([expect.objectContaining(BUSY), expect.objectContaining(BUSY)])
  await space.book(called('b 1'), 100 * MIB)
  // What says nothing of its size is stopped where the part ends.
  await expect(write(growing, 60 * MIB)).rejects.toMatchObject(FULL)
  await space.book(called('a 3'), 90 * MIB)
})

it('a body waits for the space of others, and for no longer than the limit', async () => {
  const { space } = world(200 * MIB)
  const first = await space.book(called('a 1'), 50 * MIB)
  const second = await space.book(called('a 2'), 50 * MIB)
  const waiting = outcome(space.book(called('a 3'), 50 * MIB))
  const alsoWaiting = outcome(space.book(called('a 4'), 50 * MIB))
  await vi.advanceTimersByTimeAsync(999)
  first.close()
  first.close()
  expect(await waiting).toBe('booked')
  await vi.advanceTimersByTimeAsync(1)
  expect(await alsoWaiting).toMatchObject(BUSY)
  second.close()
  expect(await outcome(space.book(called('a 4'), 50 * MIB))).toBe('booked')
})

it('what can never fit is refused at once, and a full disk is said to be one', async () => {
  const { space, disk, later } = world(200 * MIB)
  expect(await outcome(space.book(called('a 1'), 51 * MIB))).toMatchObject(FULL)
  disk.free = SPACE_RESERVE
  later()
  expect(await outcome(space.book(called('a 1'), 2 * MIB))).toMatchObject(FULL)
})

it('when mail takes what was free, bodies on their way are given up one by one, never the reserve', async () => {
  const { space, disk, take, write, later } = world(200 * MIB)
  const places = await Promise.all([1, 2].map((user) => space.book(called(`a ${user}`), 50 * MIB)))
  for (const place of places) await write(place, 20 * MIB)
  take(90 * MIB)
  later()
  const [first, second] = places
  if (first === undefined || second === undefined) throw new Error('Two were booked')
  await write(first, 5 * MIB)
  take(20 * MIB)
  later()
  await expect(write(first, MIB)).rejects.toMatchObject(FULL)
  disk.free += 45 * MIB
  first.close()
  later()
  await write(second, 30 * MIB)
  expect(disk.least).toBeGreaterThanOrEqual(SPACE_RESERVE)
})

it('the room of a body counts once while it is stored, and a disk that says nothing has room', async () => {
  const { space, disk, write, later } = world(200 * MIB)
  const place = await space.book(called('a 1'), 50 * MIB)
  await write(place, 50 * MIB)
  disk.free += 50 * MIB
  place.removed()
  later()
  const other = await space.book(called('a 2'), 50 * MIB)
  disk.free -= 40 * MIB
  place.close()
  other.close()
  // 160 MiB are left.
  expect(await outcome(space.book(called('a 1'), 41 * MIB))).toMatchObject(FULL)
  expect(await outcome(space.book(called('a 1'), 40 * MIB))).toBe('booked')
  const silent = createBodySpace({ freeBytes: () => Promise.resolve(null), waitMs: 1000 })
  const unbounded = await silent.book(called('a 1'), 1e12)
  await unbounded.grow(2e12)
})
