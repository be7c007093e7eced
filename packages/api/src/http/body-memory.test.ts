import { expect, it } from 'vitest'
import { called } from '../testing/caller.ts'
import { sending } from '../testing/sending.ts'
import { openBody } from './body.ts'
import { createBodyMemory } from './body-memory.ts'

const KIB = 1024
const PIECE = 64 * KIB
const LIMITS = { user: 4 * PIECE, tenant: 6 * PIECE, all: 10 * PIECE }

/** A body of pieces as a connection delivers them. */
const body = (bytes: number) => {
  const pieces = Array.from({ length: Math.ceil(bytes / PIECE) }, (_each, at) =>
    new Uint8Array(Math.min(PIECE, bytes - at * PIECE)).fill(at),
  )
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const piece = pieces.shift()
        if (piece === undefined) controller.close()
        else controller.enqueue(piece)
      },
    },
    { highWaterMark: 0 },
  )
  return openBody(new Request('http://localhost/', { method: 'POST', body: stream, duplex: 'half' }), 1e9)
}

it('a user and a tenant have a part of the memory; beyond it, a body is read no further, and small ones need none', async () => {
  const memory = createBodyMemory(LIMITS)
  const hold = async (caller: string, pieces = 20) => {
    const incoming = body(pieces * PIECE)
    const first = await memory.begin(called(caller), incoming)
    return { first, pieces: first.bytes.length / PIECE, isEnded: incoming.isEnded() }
  }
  const held = await hold('a 1')
  expect([held.pieces, held.isEnded]).toEqual([5, false])
  expect((await hold('a 1')).pieces).toBe(1)
  expect((await hold('a 2')).pieces).toBe(3)
  expect((await hold('a 3')).pieces).toBe(1)
  expect((await hold('b 1')).pieces).toBe(5)
  expect((await hold('c 1')).pieces).toBe(1)
  const small = await memory.begin(called('c 1'), body(60 * KIB))
  expect(small.bytes.length).toBe(60 * KIB)
  held.first.free()
  held.first.free()
  expect(held.first.bytes).toHaveLength(0)
  expect((await hold('c 2')).pieces).toBe(5)
})

it('what is read comes whole and in order, also byte by byte, up to a MiB', async () => {
  const { bytes } = await createBodyMemory().begin(called('a 1'), body(3 * PIECE))
  expect([0, 1, 2].map((at) => bytes[at * PIECE + 5])).toEqual([0, 1, 2])
  expect((await createBodyMemory().begin(called('a 1'), body(60 * PIECE))).bytes).toHaveLength(17 * PIECE)
  const { request, send, end } = sending()
  const read = createBodyMemory().begin(called('a 1'), openBody(request, 1e9))
  for (let at = 0; at < 1000; at += 1) await send(1)
  await end()
  expect((await read).bytes).toHaveLength(1000)
})

it('a body that breaks off or is too large gives its memory back', async () => {
  const memory = createBodyMemory(LIMITS)
  for (let time = 0; time < 3; time += 1) {
    const broken = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (let at = 0; at < 4; at += 1) controller.enqueue(new Uint8Array(PIECE))
      },
      pull: (controller) => controller.error(new Error('gone')),
    })
    const request = new Request('http://localhost/', { method: 'POST', body: broken, duplex: 'half' })
    await expect(memory.begin(called('a 1'), openBody(request, 1e9))).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
  }
  expect((await memory.begin(called('a 1'), body(20 * PIECE))).bytes).toHaveLength(5 * PIECE)
})
