import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAttachment } from '../testing/parse-attachment.ts'
import { buildIndex } from './index-task.ts'
import { parseMessage } from './parse.ts'
import { readTnef } from './tnef.ts'

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

const u32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4)
  values.forEach((value, at) => bytes.writeUInt32LE(value >>> 0, at * 4))
  return bytes
}
const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
const attribute = (level: number, id: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([level]), u32(id, data.length), data, Buffer.alloc(2)])
/** A property with one value of variable size. */
const property = (id: number, type: number, data: Buffer): Buffer =>
  Buffer.concat([u32(((id << 16) | type) >>> 0, 1, data.length), padded(data)])
const properties = (...list: Buffer[]): Buffer => Buffer.concat([u32(list.length), ...list])
const unicode = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le')

/** A named property, one with several values, and a plain number, which come before those that are read. */
const OTHERS = [
  Buffer.concat([
    u32(0x8001_001e),
    Buffer.alloc(16),
    u32(1, 6),
    padded(Buffer.from('a\0b\0\0\0')),
    u32(1, 3),
    padded(Buffer.from('xyz')),
  ]),
  Buffer.concat([u32(0x3001_1003, 2, 7, 8)]),
  Buffer.concat([u32(0x3fde_0003, 65001)]),
]

function stream(...attributes: Buffer[]): Buffer {
  return Buffer.concat([u32(0x223e9f78), Buffer.from([1, 0]), attribute(1, 0x0006_9007, u32(1252, 0)), ...attributes])
}
const file = (title: string, data: Buffer, ...more: Buffer[]): Buffer[] => [
  attribute(2, 0x0006_9002, Buffer.alloc(14)),
  attribute(2, 0x0001_8010, Buffer.from(`${title}\0`, 'latin1')),
  attribute(2, 0x0006_800f, data),
  attribute(2, 0x0006_9005, properties(...OTHERS, ...more)),
]

const STREAM = stream(
  attribute(
    1,
    0x0006_9003,
    properties(
      ...OTHERS,
      property(0x1000, 0x1f, unicode('Grüße')),
      property(0x1013, 0x102, Buffer.from('<p>Grüße <img src="cid:p@x"></p>')),
    ),
  ),
  ...file(
    'BERICH~1.TXT',
    Buffer.from('berichtwort'),
    property(0x3707, 0x1f, unicode('Bericht 日本.txt')),
    property(0x370e, 0x1e, Buffer.from('text/plain\0')),
  ),
  ...file('café.png', PNG, property(0x3712, 0x1e, Buffer.from('<p@x>\0'))),
)

function message(bytes: Buffer, text: string | null): Buffer {
  const part = `Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n${bytes.toString('base64').replaceAll(/.{76}/g, '$&\r\n')}\r\n`
  if (text === null) return Buffer.from(part)
  return Buffer.from(
    `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${text}\r\n--b\r\n${part}--b--\r\n`,
  )
}

// Reports: zammad 2403, tine20 5034, modoboa-webmail 115, imap_tools 195.
describe('winmail.dat', () => {
  it('shows what is inside it when the message says nothing else', () => {
    const { text, html, index } = parseMessage(message(STREAM, null))
    expect({ text, html }).toEqual({ text: 'Grüße', html: '<p>Grüße <img src="cid:p@x"></p>' })
    expect(
      index.attachments.map(({ filename, contentType, size, inline }) => ({ filename, contentType, size, inline })),
    ).toEqual([
      { filename: 'Bericht 日本.txt', contentType: 'text/plain', size: 11, inline: false },
      { filename: 'café.png', contentType: 'application/octet-stream', size: PNG.length, inline: true },
      { filename: 'winmail.dat', contentType: 'application/ms-tnef', size: STREAM.length, inline: false },
    ])
  })

  it('gives its files to a message with a text of its own, and search finds their words', () => {
    const raw = message(STREAM, 'own words')
    expect(parseMessage(raw)).toMatchObject({ text: 'own words', html: null })
    expect(parseAttachment(raw, 0)?.content.toString()).toBe('berichtwort')
    expect(parseAttachment(raw, 1)?.content).toEqual(PNG)
    expect(buildIndex(raw).search.body.split(' ')).toEqual(expect.arrayContaining(['bericht', 'berichtwort', 'own']))
  })

  it('stays a file when it is something else', () => {
    const { index } = parseMessage(message(Buffer.from('no stream at all'), 'x'))
    expect(index.attachments).toMatchObject([{ filename: 'winmail.dat', size: 16 }])
  })

  it('is read as far as it goes when it is cut off or damaged', () => {
    for (let length = 0; length < STREAM.length; length += 1) {
      for (const { start, end } of readTnef(STREAM.subarray(0, length), 10)?.files ?? [])
        expect(end - start).toBeGreaterThan(0)
    }
    fc.assert(
      fc.property(fc.nat(STREAM.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(STREAM)
        changed[at] = value
        for (const { start, end } of readTnef(changed, 10)?.files ?? [])
          expect(end).toBeLessThanOrEqual(changed.length + start)
      }),
      { numRuns: 2000 },
    )
  })

  it('gives no more files than a message may have parts', () => {
    const many = stream(...Array.from({ length: 1500 }, () => file('a.txt', Buffer.from('x'))).flat())
    expect(parseMessage(message(many, null)).index.attachments).toHaveLength(1000)
  })
})
