import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitHeaders } from '../../header/index.ts'
import { parseAttachment } from '../../testing/parse-attachment.ts'
import { parseMessage } from '../index.ts'
import { editMessage, type MessageChanges } from './edit.ts'
import { authorText, extraFields } from './written.ts'

const TOOLS = { date: new Date('2026-01-31T12:00:00Z'), messageId: 'id@mx.example', boundary: 'b0undary' }
const MAX = 50_000_000
const LIMITS = { headerBytes: 1_000_000, headerFields: 10_000 }
const CREATED = { text: null, html: null, attachments: [] }
const NONE = Buffer.alloc(0)

const edited = async (raw: Buffer, changes: MessageChanges) => {
  const result = await editMessage(raw, changes, TOOLS, MAX)
  if (result.kind !== 'edited') throw new Error(result.kind)
  return result
}
const create = async (changes: MessageChanges) => (await edited(NONE, { ...CREATED, ...changes })).bytes
const contentsOf = (raw: Buffer) =>
  parseMessage(raw).index.attachments.map(({ index }) => parseAttachment(raw, index)?.content.toString('hex'))

const textOf = (text: string | null) => (text === null ? null : authorText(text))

describe('an edit', () => {
  const file = (filename: string, content: string) => ({
    filename,
    contentType: 'text/plain',
    content: Buffer.from(content),
    contentId: null,
    inline: false,
  })
  const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

  it('changes what is given, and keeps all else with the Message-ID', async () => {
    const first = await create({
      to: [{ name: '', address: 'a@b.example' }],
      bcc: [{ name: 'Bo', address: 'bo@b.example' }],
      subject: 'one',
      text: 'hello',
      headers: [{ name: 'X-Tag', value: '日本' }],
      attachments: [file('a.txt', 'A'), file('b.txt', 'B')],
    })
    const { bytes, joins } = await edited(first, { subject: 'two' })
    const [before, after] = [parseMessage(first), parseMessage(bytes)]
    expect(after.index).toMatchObject({
      subject: 'two',
      messageId: 'id@mx.example',
      to: before.index.to,
      bcc: before.index.bcc,
    })
    expect([textOf(after.text), contentsOf(bytes), joins]).toEqual(['hello', contentsOf(first), false])
    expect(extraFields(after.headers)).toEqual([{ name: 'X-Tag', value: '日本' }])
    expect(bytes.subarray(bytes.indexOf('\r\n\r\n'))).toEqual(first.subarray(first.indexOf('\r\n\r\n')))
  })

  it('keeps files by their index beside new ones, in the order asked for', async () => {
    const first = await create({
      html: '<img src="cid:p@x">',
      attachments: [
        file('a.txt', 'A'),
        file('b.txt', 'B'),
        { filename: 'p.png', contentType: 'image/png', content: PNG, contentId: 'p@x', inline: true },
      ],
    })
    const inline = parseMessage(first).index.attachments.find((one) => one.inline)?.index ?? -1
    const b = parseMessage(first).index.attachments.find(({ filename }) => filename === 'b.txt')?.index ?? -1
    const { bytes } = await edited(first, { attachments: [file('c.txt', 'C'), b, inline] })
    const files = parseMessage(bytes).index.attachments.map((one) => [one.filename, one.inline])
    expect(files.sort()).toEqual([
      ['b.txt', false],
      ['c.txt', false],
      ['p.png', true],
    ])
    expect(await editMessage(first, { attachments: [b, 9] }, TOOLS, MAX)).toEqual({
      kind: 'no_attachment',
      position: 1,
    })
  })

  it('in which a few numbers ask for many copies copies nothing: the sizes of files kept and new are added up first', async () => {
    const first = await create({ attachments: [file('a.txt', 'A'.repeat(1000))] })
    const asked = (count: number, fresh: number, most: number) =>
      editMessage(
        first,
        { attachments: [...Array.from({ length: count }, () => 0), file('b.txt', 'B'.repeat(fresh))] },
        TOOLS,
        most,
      )
    expect(await asked(100, 0, 99_999)).toEqual({ kind: 'too_large', size: 100_000 })
    expect(await asked(1, 9000, 9999)).toEqual({ kind: 'too_large', size: 10_000 })
    expect(await asked(1, 9000, 20_000)).toMatchObject({ kind: 'edited' })
    // So many fit nowhere: they are counted and not made.
    const large = await create({ attachments: [file('a.txt', 'A'.repeat(10_000_000))] })
    const all = Array.from({ length: 1_000_000 }, () => 0)
    expect(await editMessage(large, { attachments: all }, TOOLS, MAX)).toEqual({
      kind: 'too_large',
      size: 10_000_000_000_000,
    })
  })

  it('says when other messages are answered', async () => {
    const first = await create({ inReplyTo: 'a@x' })
    expect(parseMessage(first).index).toMatchObject({ inReplyTo: ['a@x'], references: ['a@x'] })
    expect((await edited(first, { inReplyTo: 'a@x' })).joins).toBe(false)
    const { bytes, joins } = await edited(first, { inReplyTo: null })
    expect([joins, parseMessage(bytes).index.inReplyTo, parseMessage(bytes).index.references]).toEqual([true, [], []])
  })

  it('removes the traces of transport and keeps fields nobody can set', async () => {
    const raw = Buffer.from(
      'Received: by x\r\nDKIM-Signature: v=1\r\nDate: x\r\nSender: s@x.example\r\nMessage-ID: <old@x>\r\nX-Folded: a\n b\r\nbad name: x\r\nSubject: s\r\n\r\nbody',
    )
    const { bytes } = await edited(raw, { subject: 't' })
    const names = splitHeaders(bytes, 0, bytes.length, LIMITS, 'strict')
    expect([names.malformed, names.fields.map((field) => field.name)]).toEqual([
      false,
      ['Sender', 'Message-ID', 'X-Folded', 'Subject', 'Date'],
    ])
    expect([parseMessage(bytes).index.messageId, parseMessage(bytes).text]).toEqual(['old@x', 'body'])
  })

  it('of what cannot be read changes fields alone, and says why not more', async () => {
    const deep = Buffer.from(
      `Subject: s\r\n${Array.from({ length: 30 }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\r\n\r\n--b${at}\r\n`).join('')}`,
    )
    expect((await edited(deep, { subject: 't' })).bytes.toString()).toContain('Subject: t')
    expect(await editMessage(deep, { text: 'x' }, TOOLS, MAX)).toMatchObject({ kind: 'unreadable' })
    const long = Buffer.from(`X: ${'x'.repeat(300_000)}\r\n\r\n`)
    expect(await editMessage(long, { subject: 't' }, TOOLS, MAX)).toMatchObject({ kind: 'unreadable' })
  })

  it('refuses a header that nobody would read', async () => {
    const to = Array.from({ length: 1000 }, (_, at) => ({ name: '名'.repeat(200), address: `a${at}@b.example` }))
    expect(await editMessage(NONE, { ...CREATED, to }, TOOLS, MAX)).toEqual({ kind: 'header_too_large' })
  })

  it('never throws, and leaves a header that the strict reading takes', async () => {
    const part = fc.constantFrom(
      'Subject: a',
      'Subject : b',
      'From: x',
      ' fold',
      '\t',
      'junk',
      'Content-Type: multipart/mixed; boundary=x',
      '--x',
      '--x--',
      '',
      'é: x',
      'X\0: y',
      'X: \0\ry',
      'Content-Type: text/plain; charset=x',
      'To: <a@b>, ,',
      'Content-Transfer-Encoding: base64',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 14 }),
        fc.constantFrom('\r\n', '\n'),
        fc.boolean(),
        async (lines, end, all) => {
          const { bytes } = await edited(
            Buffer.from(lines.join(end), 'latin1'),
            all ? { text: 'new', subject: 's' } : { subject: 's' },
          )
          expect(splitHeaders(bytes, 0, bytes.length, LIMITS, 'strict').malformed).toBe(false)
          expect(parseMessage(bytes).index.subject).toBe('s')
          if (all) expect(textOf(parseMessage(bytes).text)).toBe('new')
        },
      ),
      { numRuns: 500 },
    )
  })
})
