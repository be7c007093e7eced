import { SPACE_RESERVE } from '@mairust/db'
import { expect, it } from 'vitest'
import { createSpoolSpace, type SpoolOwner, type SpoolPlace } from './spool-space.ts'

const MIB = 1024 * 1024

const stranger = (name: string): SpoolOwner => ({ name, part: 1 / 4 })
const trusted = (name: string): SpoolOwner => ({ name, part: 1 / 2 })

/** A disk with so much above the reserve. */
function world(above: number) {
  let now = 0
  const disk = { free: SPACE_RESERVE + above, least: SPACE_RESERVE + above, files: 0 }
  const change = (bytes: number): void => {
    disk.free += bytes
    disk.least = Math.min(disk.least, disk.free)
  }
  const space = createSpoolSpace(
    () => Promise.resolve(disk.free),
    () => now,
  )
  const removed = (place: SpoolPlace, size: number): void => {
    change(size)
    disk.files -= size
    place.close()
  }
  /** Writes up to that many bytes, a MiB at a time. @returns how many, with those before */
  const write = async (place: SpoolPlace, bytes: number, before = 0): Promise<number> => {
    let size = before
    for (let at = 0; at < bytes; at += MIB) {
      if (!(await place.grow(MIB))) return size
      change(-MIB)
      disk.files += MIB
      place.wrote(MIB)
      size += MIB
    }
    return size
  }
  const store = async (place: SpoolPlace, size: number): Promise<void> => {
    await place.store(size)
    change(-size)
    await Promise.resolve()
    removed(place, size)
  }
  return { space, disk, write, store, removed, advance: (ms: number) => (now += ms) }
}

it.each([
  ['without sizes', null],
  ['that announce their sizes', 20 * MIB],
])('of 64 messages of 20 MiB at once, %s, as many are stored as fit, and the reserve stays', async (_, announced) => {
  const { space, disk, write, store, removed, advance } = world(316 * MIB)
  const senders = Array.from({ length: 64 }, (_each, at) => ({
    place: space.open(trusted(`${at}`), announced),
    size: 0,
  }))
  let going = senders
  for (let step = 0; step < 20; step += 1) {
    const left: typeof going = []
    for (const sender of going) {
      const size = await write(sender.place, MIB, sender.size)
      if (size > sender.size) left.push(sender)
      // Others must not fail because a file is still being removed.
      else queueMicrotask(() => removed(sender.place, size))
      sender.size = size
    }
    going = left
    advance(300)
  }
  await Promise.all(going.map(({ place, size }) => store(place, size)))
  // All but one: there must be room for a file and its copy.
  expect(going.length).toBe(14)
  expect(disk.least).toBeGreaterThanOrEqual(SPACE_RESERVE)
  expect(disk.files).toBe(0)
  expect(disk.free).toBe(SPACE_RESERVE + (316 - 14 * 20) * MIB)
})

it.each([
  ['a stranger’s network', stranger, 1 / 4],
  ['a user', trusted, 1 / 2],
])('unfinished messages of %s take only a part of the free space', async (_, ownerOf, part) => {
  const { space, disk, write, removed } = world(320 * MIB)
  const hog = ownerOf('hog')
  for (let at = 0; at < 49; at += 1) {
    const place = space.open(hog, null)
    const size = await write(place, at < 8 ? 45 * MIB : MIB)
    if (size !== (at < 8 ? 45 : 1) * MIB) removed(place, size)
  }
  expect(disk.files).toBeGreaterThan(part * 250 * MIB)
  expect(disk.files).toBeLessThanOrEqual(part * 320 * MIB)
  expect(await space.has(hog, 45 * MIB)).toBe(false)
  const other = stranger('other')
  expect(await space.has(other, 0)).toBe(true)
  expect(await space.has(other, 20 * MIB)).toBe(true)
  expect(await write(space.open(other, null), 20 * MIB)).toBe(20 * MIB)
})

it('announced sizes count before the bytes come, and no longer when the message ends', async () => {
  const { space } = world(100 * MIB)
  expect(await space.has(trusted('a'), 30 * MIB)).toBe(true)
  const place = space.open(trusted('a'), 30 * MIB)
  expect(await space.has(trusted('b'), 40 * MIB)).toBe(false)
  expect(await space.has(trusted('b'), 30 * MIB)).toBe(true)
  expect(await space.has(trusted('a'), 30 * MIB)).toBe(false)
  place.close()
  expect(await space.has(trusted('b'), 40 * MIB)).toBe(true)
})

it('announced sizes alone do not use up a large disk', async () => {
  const { space } = world(100_000 * MIB)
  await space.has(stranger('first'), 0)
  for (let at = 0; at < 2000; at += 1) space.open(stranger(`${at % 40}`), 50 * MIB)
  expect(await space.has(stranger('other'), 50 * MIB)).toBe(true)
})

it('a message that does not fit waits while others are stored, and then goes on', async () => {
  const { space, write, removed } = world(64 * MIB)
  const [first, second] = [space.open(trusted('a'), null), space.open(trusted('b'), null)]
  expect(await write(first, 20 * MIB)).toBe(20 * MIB)
  expect(await write(second, 21 * MIB)).toBe(21 * MIB)
  await first.store(42 * MIB)
  let isDone = false
  const more = second.grow(MIB).then((took) => {
    isDone = true
    return took
  })
  for (let at = 0; at < 20; at += 1) await Promise.resolve()
  expect(isDone).toBe(false)
  removed(first, 20 * MIB)
  expect(await more).toBe(true)
})

it('objects that have no room beside each other are stored one by one, in turn', async () => {
  const { space, write, removed } = world(100 * MIB)
  const places = ['a', 'b', 'c'].map((name) => space.open(trusted(name), null))
  for (const place of places) expect(await write(place, 20 * MIB)).toBe(20 * MIB)
  const order: number[] = []
  const stored = places.map((place, at) =>
    place.store(20 * MIB).then(() => {
      order.push(at)
    }),
  )
  await Promise.all(stored.slice(0, 2))
  expect(order).toEqual([0, 1])
  for (const place of places.slice(0, 2)) removed(place, 20 * MIB)
  await Promise.all(stored)
  expect(order).toEqual([0, 1, 2])
})

it('everything fits when free space is unknown', async () => {
  const space = createSpoolSpace(
    () => Promise.resolve(null),
    () => 0,
  )
  expect(await space.has(stranger('a'), 1e12)).toBe(true)
  expect(await space.open(stranger('a'), 1e12).grow(1e12)).toBe(true)
})

it('small mail is refused only when the reserve is reached', async () => {
  const { space, disk, advance } = world(MIB)
  expect(await space.has(stranger('a'), 200_000)).toBe(true)
  disk.free = SPACE_RESERVE
  advance(1000)
  expect(await space.has(stranger('a'), 0)).toBe(false)
})
