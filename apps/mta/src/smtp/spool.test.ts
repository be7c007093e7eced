import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { SPACE_RESERVE } from '@mairust/db'
import { LineGuard } from '@mairust/mail-core/smtp'
import { beforeEach, expect, it } from 'vitest'
import { MemoryBudget } from './memory-budget.ts'
import { ClientGoneError, spool, type Spooled } from './spool.ts'
import { SpoolFullError } from './spool-bytes.ts'
import { createSpoolSpace } from './spool-space.ts'

const KIB = 1024
const LINE = `${'x'.repeat(62)}\r\n`
const BUDGET = 512 * KIB

let folder = ''
let budget = new MemoryBudget(0)
let free: number | null = null
const space = createSpoolSpace(
  () => Promise.resolve(free),
  () => now++ * 1000,
)
let now = 0
const owner = { name: 'sender', part: 1 / 4 }
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mairust-spool-'))
  budget = new MemoryBudget(BUDGET)
  free = null
})

/** An incoming message; `ended` is the outcome. */
function incoming(name: string, maxSize = 10 * KIB * KIB) {
  const stream = new PassThrough()
  const guard = new LineGuard({ mode: 'refuse', maxLine: 998, maxSize, hostname: 'mx.test.example' })
  return { stream, ended: spool(stream, { guard, folder, name, budget, place: space.open(owner, null) }) }
}

async function bytesOf({ body }: Spooled): Promise<Buffer> {
  if (body === null) throw new Error('nothing was kept')
  return Buffer.isBuffer(body) ? body : readFile(body.path)
}

const write = (stream: PassThrough, text: string): Promise<void> =>
  new Promise((resolve) => stream.write(text, () => resolve()))
/** Whether the whole budget is free; takes it. */
const isWhole = (): boolean => budget.take(BUDGET)

it('unfinished messages of all connections share one memory budget, and overflow to files', async () => {
  const messages = Array.from({ length: 40 }, (_, index) => incoming(`m${index}`))
  const text = (index: number): string => `Subject: ${index}\r\n\r\n${LINE.repeat(380)}`
  // 40 messages of 24 KiB, a quarter at a time, so that all grow together.
  for (let part = 0; part < 4; part += 1) {
    for (const [index, { stream }] of messages.entries()) {
      const whole = text(index)
      const quarter = Math.ceil(whole.length / 4)
      await write(stream, whole.slice(part * quarter, (part + 1) * quarter))
    }
  }
  for (const { stream } of messages) stream.end()
  const spooled = await Promise.all(messages.map(({ ended }) => ended))
  const inMemory = spooled.filter(({ body }) => Buffer.isBuffer(body))
  expect(inMemory.length).toBeGreaterThan(0)
  expect(inMemory.reduce((sum, { facts }) => sum + facts.size, 0)).toBeLessThanOrEqual(BUDGET)
  for (const [index, message] of spooled.entries()) expect((await bytesOf(message)).toString()).toBe(text(index))
  await Promise.all(spooled.map((message) => message.discard()))
  expect(await readdir(folder)).toEqual([])
  expect(isWhole()).toBe(true)
})

it('with no memory left, even a message of one byte goes to a file', async () => {
  expect(isWhole()).toBe(true)
  const { stream, ended } = incoming('tiny')
  stream.end('x')
  const message = await ended
  expect(Buffer.isBuffer(message.body)).toBe(false)
  expect((await bytesOf(message)).toString()).toBe('x')
  await message.discard()
  expect(await readdir(folder)).toEqual([])
})

it.each<[string, (stream: PassThrough) => void]>([
  ['is refused', (stream) => stream.end('a\nb')],
  ['is too large', (stream) => stream.end(LINE.repeat(8 * KIB))],
  ['breaks off', (stream) => stream.destroy(new Error('reset'))],
])('a message that %s frees its memory', async (_, end) => {
  const { stream, ended } = incoming('bad', 300 * KIB)
  await write(stream, LINE.repeat(2 * KIB))
  end(stream)
  await ended.then(
    ({ body }) => expect(body).toBeNull(),
    (error: unknown) => expect(error).toBeInstanceOf(ClientGoneError),
  )
  expect(isWhole()).toBe(true)
  expect(await readdir(folder)).toEqual([])
})

it('a message that has no room is read to its end, and leaves neither file nor memory meanwhile', async () => {
  free = SPACE_RESERVE + 2 * KIB * KIB
  const { stream, ended } = incoming('over')
  while ((await readdir(folder)).length === 0) await write(stream, LINE.repeat(KIB))
  // Above a quarter of the free space.
  while ((await readdir(folder)).length > 0) await write(stream, LINE.repeat(KIB))
  await write(stream, LINE)
  expect(isWhole()).toBe(true)
  budget.giveBack(BUDGET)
  stream.end()
  await expect(ended).rejects.toThrow(SpoolFullError)
  const next = incoming('next')
  next.stream.end(LINE.repeat(4 * KIB + 1))
  const message = await next.ended
  expect((await bytesOf(message)).length).toBe(64 * (4 * KIB + 1))
  await message.discard()
})
