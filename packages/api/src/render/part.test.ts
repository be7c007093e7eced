import { Readable } from 'node:stream'
import { createTransferDecoder, decodingPoints, type PartPlace } from '@mairust/mail-core/message'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { createPartRoom, type PartLimits } from './part-room.ts'
import { readPart, type StoredPart } from './part.ts'

const KIB = 1024
const reader = { tenantId: 'tnt_1', userId: 'usr_1' }
/** A line of seven digits; `!` and nothing else is one byte. */
const uuLine = (digits: string): string => {
  const bits = [...Buffer.from(digits.padEnd(9))].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  const characters = bits.match(/.{6}/g)?.map((six) => String.fromCharCode(0x20 + Number.parseInt(six, 2))) ?? []
  return `)${characters.join('')}\r\n!\r\n`
}
/** Lines with numbers, so that no two ranges are the same. */
const LINES = {
  base64: (digits: string) => `${Buffer.from(digits).toString('base64')}\r\n`,
  'quoted-printable': (digits: string) => `Z=C3=BCrich ${digits} =\r\n  \r\n`,
  uuencode: uuLine,
  none: (digits: string) => `as it is ${digits}\r\n`,
}
type Encoding = keyof typeof LINES

/** A stored part of at least so many encoded bytes, what it is decoded to, and a room that reads it and counts. */
function bench(encoding: Encoding, encodedBytes: number, limits: Partial<PartLimits> = {}) {
  const lines = Math.ceil(encodedBytes / LINES[encoding]('1000000').length)
  const text = Buffer.from(Array.from({ length: lines }, (_, n) => LINES[encoding](String(1_000_000 + n))).join(''))
  const raw = Buffer.concat([Buffer.from('X: y\r\n\r\n'), text, Buffer.from('\r\n--end--')])
  const place: PartPlace = { start: 8, end: 8 + text.length, encoding }
  const decoder = createTransferDecoder(encoding)
  const content = Buffer.concat([decoder.push(text), decoder.end()])
  const seen = { opened: 0, read: 0, closed: 0 }
  const blobs = {
    get: (_key: string, range?: { start: number; end?: number }) => {
      const bytes = raw.subarray(range?.start ?? 0, (range?.end ?? Infinity) + 1)
      seen.opened += 1
      const pieces = function* () {
        for (let at = 0; at < bytes.length; at += 64 * KIB) {
          const piece = bytes.subarray(at, at + 64 * KIB)
          seen.read += piece.length
          yield piece
        }
      }
      const stream = Readable.from(pieces(), { objectMode: false, highWaterMark: 1 })
      stream.once('close', () => (seen.closed += 1))
      return Promise.resolve(stream)
    },
  }
  const room = createPartRoom(limits)
  const part: StoredPart = { blobKey: 'key', place, size: content.length, points: decodingPoints(raw, place) }
  const open = (range?: { start: number; end?: number }, more: Partial<Parameters<typeof readPart>[0]> = {}) =>
    readPart({ blobs, room, reader, ...more }, part, range)
  const read = async (...given: Parameters<typeof open>) =>
    Buffer.concat((await (await open(...given)).toArray()) as Buffer[])
  return { part, content, seen, room, blobs, open, read }
}

const encodings = Object.keys(LINES) as Encoding[]

describe('a range of a part', () => {
  it.each(encodings)('has the bytes of the whole: %s', async (encoding) => {
    const { content, read, part, blobs, room } = bench(encoding, 500 * KIB)
    expect((await read()).equals(content)).toBe(true)
    const at = fc.integer({ min: 0, max: content.length + 10 })
    await fc.assert(
      fc.asyncProperty(at, fc.oneof(at, fc.constant(undefined)), at, async (start, end, offset) => {
        const range = end === undefined ? { start } : { start, end }
        const wanted = content.subarray(start, (end ?? Infinity) + 1)
        expect((await read(range)).equals(wanted)).toBe(true)
        // A file inside, such as one in a winmail.dat.
        const within = { start: Math.min(offset, content.length), end: content.length }
        const inner = { ...part, place: { ...part.place, within }, size: within.end - within.start }
        const innerRead = await readPart({ blobs, room, reader }, inner, range)
        const innerBytes = Buffer.concat((await innerRead.toArray()) as Buffer[])
        expect(innerBytes.equals(content.subarray(within.start).subarray(start, (end ?? Infinity) + 1))).toBe(true)
      }),
      { numRuns: 40 },
    )
  })

  it.each(encodings)('reads little besides itself, wherever it is: %s', async (encoding) => {
    const { content, read, seen, part } = bench(encoding, 2000 * KIB)
    for (let picture = 0; picture < 200; picture += 1) {
      const start = Math.floor((content.length / 200) * picture)
      expect(await read({ start, end: start + 69 })).toEqual(content.subarray(start, start + 70))
    }
    // All 200 together less than a tenth of what 200 times everything would be.
    expect(seen.read).toBeLessThan((200 * (part.place.end - part.place.start)) / 10)
    expect(seen.closed).toBe(seen.opened)
  })
})

describe('decoding takes turns', () => {
  it('one piece of all readers between two rounds of the event loop', async () => {
    const { read, part } = bench('uuencode', 640 * KIB)
    let rounds = 0
    let isOver = false
    const count = () => {
      rounds += 1
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    await Promise.all(Array.from({ length: 6 }, () => read()))
    isOver = true
    const pieces = (6 * (part.place.end - part.place.start)) / (32 * KIB)
    expect(rounds).toBeGreaterThanOrEqual(Math.floor(pieces))
  })

  it('of each reader in turn, whatever another has asked for', async () => {
    const room = createPartRoom()
    const order: string[] = []
    const many = await Promise.all(Array.from({ length: 5 }, () => room.enter(reader)))
    const other = await room.enter({ ...reader, userId: 'usr_2' })
    await Promise.all([
      ...many.map(({ inTurn }) => inTurn(() => order.push('many'))),
      other.inTurn(() => order.push('other')),
    ])
    expect(order.indexOf('other')).toBeLessThanOrEqual(1)
    expect(order).toHaveLength(6)
  })

  it('a user reads so many at once, and waits for more; others do not', async () => {
    const { open, seen } = bench('base64', 1000 * KIB, { partsPerUser: 2 })
    const [first] = await Promise.all([open(), open()])
    const third = open()
    const other = await open(undefined, { reader: { ...reader, userId: 'usr_2' } })
    expect(seen.opened).toBe(3)
    first.destroy()
    const next = await third
    expect(seen.opened).toBe(4)
    for (const content of [other, next]) content.destroy()
  })

  it('who waits too long, or finds no room, is told so', async () => {
    const hasty = bench('base64', 1000 * KIB, { partsPerUser: 1, waitMs: 1 })
    const content = await hasty.open()
    await expect(hasty.open()).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfter: 5 })
    content.destroy()
    const full = bench('base64', 1000 * KIB, { bytesPerTenant: 600 * KIB, bytesForEachUser: 0 })
    const readers = ['usr_1', 'usr_2', 'usr_3'].map((userId) => ({ reader: { tenantId: 'tnt_1', userId } }))
    const held = await Promise.all(readers.slice(0, 2).map((by) => full.open(undefined, by)))
    await expect(full.open(undefined, readers[2])).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfter: 5 })
    const elsewhere = await full.open(undefined, { reader: { tenantId: 'tnt_2', userId: 'usr_4' } })
    for (const each of [...held, elsewhere]) each.destroy()
  })

  it('a short range holds nothing once it is decoded, however slowly it is read', async () => {
    const { open, content } = bench('base64', 1000 * KIB, { partsPerUser: 1 })
    const unread = await Promise.all([1, 2, 3].map((start) => open({ start, end: start + 9 })))
    const bytes = await Promise.all(unread.map((each) => each.toArray()))
    expect(Buffer.concat(bytes.flat() as Buffer[])).toEqual(
      Buffer.concat([1, 2, 3].map((start) => content.subarray(start, start + 10))),
    )
  })
})

describe('a client that leaves', () => {
  it('ends the work', async () => {
    const { open, seen, part } = bench('quoted-printable', 4000 * KIB, { partsPerUser: 1 })
    const content = await open()
    await new Promise((resolve) => content.once('readable', resolve))
    content.destroy()
    await expect.poll(() => seen.closed).toBe(1)
    expect(seen.read).toBeLessThan((part.place.end - part.place.start) / 2)
    // Its place is free.
    ;(await open()).destroy()
  })

  it('before it has read anything, closes the stored object and frees the place', async () => {
    const { open, seen } = bench('base64', 1000 * KIB, { partsPerUser: 1 })
    ;(await open()).destroy()
    await expect.poll(() => seen.closed).toBe(1)
    ;(await open()).destroy()
  })

  it('while it waits, or while a short range is decoded, gets nothing decoded any more', async () => {
    const { open, seen } = bench('base64', 1000 * KIB, { partsPerUser: 1 })
    const left = new AbortController()
    const first = await open()
    const waiting = open(undefined, { signal: left.signal })
    left.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
    expect(seen.opened).toBe(1)
    first.destroy()
    await expect.poll(() => seen.closed).toBe(1)
    const later = new AbortController()
    const short = open({ start: 10, end: 20 }, { signal: later.signal })
    later.abort()
    await expect(short).rejects.toMatchObject({ code: 'INVALID_REQUEST' })
    await expect.poll(() => seen.closed).toBe(seen.opened)
  })

  it('and one that takes nothing, are the same after a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const { open } = bench('base64', 1000 * KIB, { pieceMs: 1000 })
      const content = await open()
      const failed = new Promise((resolve) => content.once('error', resolve))
      vi.advanceTimersByTime(1001)
      expect(await failed).toMatchObject({ message: 'The client reads its answer too slowly.' })
    } finally {
      vi.useRealTimers()
    }
  })
})
