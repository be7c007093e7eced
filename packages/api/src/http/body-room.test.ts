import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { held, LIMIT, MIB, sizeOf, useBodyFolder, whole } from '../testing/body-bench.ts'
import { called } from '../testing/caller.ts'
import { sending } from '../testing/sending.ts'
import { createBodyRoom } from './body-room.ts'

const { folder, makeRoom } = useBodyFolder()

it('what is declared and does not come costs others nothing, however much it is', async () => {
  const room = makeRoom()
  const idle = Array.from({ length: 12 }, () => sending())
  const waiting = idle.map(({ request }) => room.receive(called('a'), request, LIMIT, sizeOf))
  const begun = Array.from({ length: 4 }, () => sending())
  waiting.push(...begun.map(({ request }) => room.receive(called('c'), request, LIMIT, sizeOf)))
  await Promise.all(begun.map(({ send }) => send(2 * MIB)))
  for (const bytes of [1000, 2 * MIB, 40 * MIB]) {
    expect(await room.receive(called('b'), whole(bytes), LIMIT, sizeOf)).toBe(bytes)
  }
  await Promise.all([...idle, ...begun].map(({ end }) => end()))
  expect(await Promise.all(waiting)).toEqual([...idle.map(() => 0), ...begun.map(() => 2 * MIB)])
})

it('the bodies worked on are bounded; small ones pass, large ones wait for room, whoever sends them', async () => {
  const room = makeRoom()
  const large = held()
  const first = room.receive(called('a'), whole(40 * MIB), LIMIT, large.work)
  await large.begun
  expect(await room.receive(called('b'), whole(1000), LIMIT, sizeOf)).toBe(1000)
  expect(await room.receive(called('b'), whole(20 * MIB), LIMIT, sizeOf)).toBe(20 * MIB)
  await expect(room.receive(called('b'), whole(40 * MIB), LIMIT, sizeOf)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    retryAfter: 5,
  })
  large.end()
  await first
  expect(await room.receive(called('b'), whole(40 * MIB), LIMIT, sizeOf)).toBe(40 * MIB)
})

it('no caller takes all the places, neither for bodies that come nor for those worked on', async () => {
  const room = makeRoom()
  const slow = Array.from({ length: 5 }, () => sending())
  await Promise.all(slow.map(({ send }) => send(2 * MIB)))
  const mine = slow.map(({ request }) =>
    room.receive(called('a'), request, LIMIT, sizeOf).catch((error: unknown) => error),
  )
  expect(await Promise.race(mine)).toMatchObject({ code: 'UNAVAILABLE' })
  expect(await room.receive(called('b'), whole(2 * MIB), LIMIT, sizeOf)).toBe(2 * MIB)
  await Promise.all(slow.map(({ end }) => end().catch(() => undefined)))
  await Promise.all(mine)
  const work = held()
  const two = [1, 2].map(() => room.receive(called('a'), whole(2 * MIB), LIMIT, work.work))
  await work.begun
  await expect(room.receive(called('a'), whole(2 * MIB), LIMIT, sizeOf)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  expect(await room.receive(called('b'), whole(2 * MIB), LIMIT, sizeOf)).toBe(2 * MIB)
  work.end()
  await Promise.all(two)
})

it('the files have no names, what a crash left is removed, and a full disk is said to be one', async () => {
  await writeFile(join(folder(), 'mairust-body-of-a-crash'), 'x')
  await writeFile(join(folder(), 'other'), 'x')
  const room = makeRoom()
  const { request, send, end } = sending()
  const received = room.receive(called('a'), request, LIMIT, sizeOf)
  await send(3 * MIB)
  await expect.poll(() => readdir(folder())).toEqual(['other'])
  await end()
  expect(await received).toBe(3 * MIB)
  expect(await readdir(folder())).toEqual(['other'])
  const full = makeRoom(70 * MIB)
  await expect(full.receive(called('a'), whole(2 * MIB), LIMIT, sizeOf)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: 'The disk of the server is full. Whoever runs it has to free space.',
    retryAfter: 60,
  })
  expect(await full.receive(called('a'), whole(1000), LIMIT, sizeOf)).toBe(1000)
})

it('more than the limit is refused, declared or not', async () => {
  const room = makeRoom()
  await expect(room.receive(called('a'), whole(3 * MIB), 2 * MIB, sizeOf)).rejects.toMatchObject({
    code: 'PAYLOAD_TOO_LARGE',
  })
  const { request, send, isCancelled } = sending(1000)
  const refused = expect(room.receive(called('a'), request, 2 * MIB, sizeOf)).rejects.toMatchObject({
    code: 'PAYLOAD_TOO_LARGE',
  })
  await send(3 * MIB).catch(() => undefined)
  await refused
  await expect.poll(isCancelled).toBe(true)
})

it('what a user’s keys send slowly keeps no small body of his sessions waiting', async () => {
  const room = makeRoom()
  const slow = Array.from({ length: 40 }, () => sending())
  const received = slow.map(({ request }) =>
    room.receive(called('a 1'), request, LIMIT, sizeOf).catch((error: unknown) => error),
  )
  await expect(room.receive(called('a 1'), whole(1000), LIMIT, sizeOf)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  for (const session of ['x', 'y'])
    expect(await room.receive(called(`a 1 ${session}`), whole(1000), LIMIT, sizeOf)).toBe(1000)
  await Promise.all(slow.map(({ end }) => end().catch(() => undefined)))
  await Promise.all(received)
})

it('slow senders of a tenant take half of the places, however many users they are', async () => {
  const room = createBodyRoom({ folder: folder(), freeBytes: () => Promise.resolve(1e12), waitMs: 50, places: 8 })
  const slow = Array.from({ length: 5 }, () => sending())
  await Promise.all(slow.map(({ send }) => send(2 * MIB)))
  const received = slow.map(({ request }, user) =>
    room.receive(called(`a ${user}`), request, LIMIT, sizeOf).catch((error: unknown) => error),
  )
  expect(await Promise.race(received)).toMatchObject({ code: 'UNAVAILABLE' })
  expect(await room.receive(called('a other'), whole(1000), LIMIT, sizeOf)).toBe(1000)
  expect(await room.receive(called('b other'), whole(2 * MIB), LIMIT, sizeOf)).toBe(2 * MIB)
  await Promise.all(slow.map(({ end }) => end().catch(() => undefined)))
  expect((await Promise.all(received)).filter((size) => size === 2 * MIB)).toHaveLength(4)
})

it('of the bodies worked on, those of a tenant take half of the places, so that others are worked on meanwhile', async () => {
  const room = makeRoom()
  const work = held()
  const mine = [1, 1, 2, 2].map((user) => room.receive(called(`a ${user}`), whole(2 * MIB), LIMIT, work.work))
  await work.begun
  await expect(room.receive(called('a 3'), whole(2 * MIB), LIMIT, sizeOf)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
  })
  expect(await room.receive(called('b 1'), whole(2 * MIB), LIMIT, sizeOf)).toBe(2 * MIB)
  work.end()
  await Promise.all(mine)
})

it('a user has a part of the memory for small bodies, however many connections send them: more go to files', async () => {
  let files = 0
  const freeBytes = () => Promise.resolve((files += 1) && 1e12)
  const room = createBodyRoom({ folder: folder(), freeBytes })
  const KIB900 = 900 * 1024
  const send = async (bodies: number): Promise<() => Promise<number[]>> => {
    const begun = Array.from({ length: bodies }, () => sending(KIB900))
    const received = Promise.all(begun.map(({ request }) => room.receive(called('a'), request, LIMIT, sizeOf)))
    for (const one of begun) for (let at = 0; at < 15; at += 1) await one.send(KIB900 / 15)
    return async () => {
      await Promise.all(begun.map(({ end }) => end()))
      return received
    }
  }
  const few = await send(8)
  expect(await few()).toEqual(Array(8).fill(KIB900))
  expect(files).toBe(0)
  const many = await send(12)
  await expect.poll(() => files).toBe(1)
  expect(await room.receive(called('b'), whole(KIB900), LIMIT, sizeOf)).toBe(KIB900)
  expect(files).toBe(1)
  expect(await many()).toEqual(Array(12).fill(KIB900))
})

it('bodies that arrive leave the disk to mail, however many were begun while there was room', async () => {
  let [free, clock] = [1e12, 0]
  const room = createBodyRoom({
    folder: folder(),
    freeBytes: () => Promise.resolve(free),
    waitMs: 50,
    now: () => clock,
  })
  const { request, send, isCancelled } = sending()
  const received = room.receive(called('a'), request, LIMIT, sizeOf)
  const refused = expect(received).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfter: 60 })
  await send(2 * MIB)
  await expect.poll(() => readdir(folder())).toEqual([])
  free = 100 * MIB
  clock = 1000
  await send(2 * MIB).catch(() => undefined)
  await refused
  await expect.poll(isCancelled).toBe(true)
})

it('what a body declares is booked before it comes, and free again when it is used or its client has left', async () => {
  // 280 MiB above the reserve: a user may have 70 of them.
  const room = createBodyRoom({ folder: folder(), freeBytes: () => Promise.resolve(344 * MIB), waitMs: 50 })
  const used = held()
  const first = sending(60 * MIB)
  const received = room.receive(called('a 1'), first.request, LIMIT, used.work)
  await first.send(2 * MIB)
  await expect.poll(() => outcomeOf(room.receive(called('a 1'), whole(20 * MIB), LIMIT, sizeOf))).toBe('Other')
  expect(await room.receive(called('a 2'), whole(20 * MIB), LIMIT, sizeOf)).toBe(20 * MIB)
  await first.end()
  await used.begun
  expect(await outcomeOf(room.receive(called('a 1'), whole(20 * MIB), LIMIT, sizeOf))).toBe('Other')
  used.end()
  await received
  expect(await room.receive(called('a 1'), whole(20 * MIB), LIMIT, sizeOf)).toBe(20 * MIB)
})

/** The first word of the error, or the size. */
const outcomeOf = (received: Promise<number>): Promise<string | number> =>
  received.catch((error: unknown) => (error instanceof Error ? (error.message.split(' ')[0] ?? '') : 'no error'))
