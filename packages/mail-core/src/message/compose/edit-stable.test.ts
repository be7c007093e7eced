import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseAttachment } from '../../testing/parse-attachment.ts'
import { parseMessage } from '../index.ts'
import { editMessage, type MessageChanges } from './edit.ts'
import { authorText } from './written.ts'

const FOLDER = new URL('../fixtures/', import.meta.url)
const NAMES = readdirSync(FOLDER).filter((name) => name.endsWith('.eml'))
const TOOLS = { date: new Date('2026-01-31T12:00:00Z'), messageId: 'id@mx.example', boundary: 'b0undary' }

/** What a client does at every save, given the message that it fetched. */
const SAVES: readonly (readonly [string, (raw: Buffer) => MessageChanges])[] = [
  ['of the HTML alone', () => ({ html: '<p>mine</p>' })],
  [
    'of the subject with the files that are there',
    (raw) => ({ subject: 's', attachments: parseMessage(raw).index.attachments.map(({ index }) => index) }),
  ],
  [
    'of the texts as they were fetched',
    (raw) => {
      const { text, html } = parseMessage(raw)
      return { text: text && authorText(text), html: html && authorText(html) }
    },
  ],
]

async function save(raw: Buffer, changesOf: (raw: Buffer) => MessageChanges): Promise<Buffer> {
  const result = await editMessage(raw, changesOf(raw), TOOLS, 50_000_000)
  if (result.kind !== 'edited') throw new Error(result.kind)
  return result.bytes
}

function bodyOf(raw: Buffer) {
  const { text, html, index } = parseMessage(raw)
  const files = index.attachments.map(({ index: at, filename, contentType, contentId, inline }) => {
    const content = parseAttachment(raw, at)?.content.toString('hex')
    return { filename, contentType, contentId, inline, content }
  })
  return { text, html, files }
}

/** Writes a draft that has this file of a fixture, after a text of its own. */
function beside(type: string, name: string, content: string): Buffer {
  return Buffer.from(
    `Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n\r\nmine\r\n--m\r\nContent-Type: ${type}\r\nContent-Disposition: attachment; filename=${name}\r\nContent-Transfer-Encoding: base64\r\n\r\n${content}\r\n--m--\r\n`,
  )
}
const signature = readFileSync(new URL('signed-opaque.eml', FOLDER), 'latin1').split('\r\n\r\n')[1] ?? ''

/** A `winmail.dat` with two files (MS-OXTNEF). */
function winmail(): string {
  const attribute = (id: number, data: Buffer) => {
    const head = Buffer.alloc(9)
    head.writeUInt8(2)
    head.writeUInt32LE(id, 1)
    head.writeUInt32LE(data.length, 5)
    return Buffer.concat([head, data, Buffer.alloc(2)])
  }
  const file = (name: string) => [
    attribute(0x0006_9002, Buffer.alloc(14)),
    attribute(0x0001_8010, Buffer.from(`${name}\0`)),
    attribute(0x0006_800f, Buffer.from(`in ${name}`)),
  ]
  const signature = Buffer.from('789f3e220100', 'hex')
  return Buffer.concat([
    signature,
    attribute(0x0002_800c, Buffer.from('words of its own\0')),
    ...file('a.txt'),
    ...file('b.txt'),
  ]).toString('base64')
}

describe.each(SAVES)('a save %s, done three times, is as one', (_, changesOf) => {
  it.each(NAMES)('%s', async (name) => {
    const first = await save(readFileSync(new URL(name, FOLDER)), changesOf)
    const third = await save(await save(first, changesOf), changesOf)
    expect(bodyOf(third)).toEqual(bodyOf(first))
  })

  it.each([
    ['a signature', beside('application/pkcs7-mime', 'smime.p7m', signature)],
    ['a signature that says so', beside('application/pkcs7-mime; smime-type=signed-data', 'smime.p7m', signature)],
    ['files in a file', beside('application/ms-tnef', 'winmail.dat', winmail())],
  ])('%s after a text', async (_what, raw) => {
    const first = await save(raw, changesOf)
    const third = await save(await save(first, changesOf), changesOf)
    expect(bodyOf(third)).toEqual(bodyOf(first))
    expect(bodyOf(third).files).toEqual(bodyOf(raw).files)
  })
})

it('a file inside another is kept alone when the other is removed', async () => {
  const raw = beside('application/ms-tnef', 'winmail.dat', winmail())
  const names = parseMessage(raw).index.attachments.map(({ filename }) => filename)
  expect(names).toEqual(['a.txt', 'b.txt', 'winmail.dat'])
  expect(bodyOf(await save(raw, () => ({ attachments: [1] }))).files.map(({ filename }) => filename)).toEqual(['b.txt'])
})

it.each([
  ['application/pkcs7-mime; smime-type=signed-data', 'smime.p7m', signature],
  ['application/ms-tnef', 'winmail.dat', winmail()],
])('a draft says what its author wrote, not what is in a file of type %s', async (type, name, content) => {
  const raw = beside(type, name, content)
  expect(bodyOf(await save(raw, () => ({ html: '<p>mine</p>' }))).text?.trim()).toBe('mine')
  expect(bodyOf(await save(raw, () => ({ text: 'other' }))).text?.trim()).toBe('other')
})

it.each([
  ['a signature', readFileSync(new URL('signed-opaque.eml', FOLDER))],
  [
    'a winmail.dat',
    Buffer.from(beside('application/ms-tnef', 'winmail.dat', winmail()).toString().replace('mine', '')),
  ],
])('a draft of nothing but %s keeps it, and takes no words of it', async (_, raw) => {
  expect(parseMessage(raw).text?.trim()).not.toBe('')
  const { index } = parseMessage(raw)
  const saved = await save(raw, () => ({ attachments: [index.attachments.length - 1] }))
  expect(saved.toString()).not.toMatch(/^Content-Type: text\/plain.*\r\n(?:.+\r\n)*\r\n\S/m)
  expect(bodyOf(saved).files.at(-1)).toEqual(bodyOf(raw).files.at(-1))
})
