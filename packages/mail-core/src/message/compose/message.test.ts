import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAddress, normaliseAddress } from '../../address/index.ts'
import { splitHeaders } from '../../header/index.ts'
import { arbitraryAddress, arbitraryHostileText } from '../../testing/index.ts'
import { parseAttachment } from '../../testing/parse-attachment.ts'
import { type MailboxAddress, parseMessage } from '../index.ts'
import { isComposable } from './composable.ts'
import { composeMessage, type MessageFields } from './message.ts'
import { authorText } from './written.ts'

const TOOLS = { date: new Date('2026-01-31T12:00:00Z'), messageId: 'id@mx.example', boundary: 'b0undary' }
const LIMITS = { headerBytes: 1_000_000, headerFields: 10_000 }

/** One line that an author may type. */
const line = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('From ', '.', '--b0undary', '山田さん 😀👩‍👩‍👧', 'שלום', 'x'.repeat(2000), '=?utf-8?q?x?=', 'a  b', '\t'),
)
const printable = (text: string): string =>
  text.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\uFFFD\u2800]/gu, '')
/** The parser takes marks away from around a name; inside it, all of them stay. */
const name = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.constantFrom('Müller, Hans', '"quoted"', 'a@b.c', '山田', 'x <y@z.test> z'),
  )
  .map((text) => `a${printable(text).replaceAll(/\s+/g, ' ')}z`)
const mailbox = fc.record({
  name,
  address: arbitraryAddress.map(formatAddress).filter((one) => isComposable(one) && !one.startsWith("'")),
})
const attachment = fc.record({
  filename: fc.oneof(
    fc.constantFrom('../../etc/passwd', 'a"b.txt', 'レポート.pdf', 'x;y=z.doc', '%00', "it's"),
    arbitraryHostileText,
  ),
  contentType: fc.constantFrom(
    'text/plain',
    'application/pdf',
    'image/png',
    'text/html',
    'message/delivery-status',
    'multipart/mixed; boundary=x',
  ),
  content: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  contentId: fc.constantFrom(null, 'pic@x', 'a b<c>'),
  inline: fc.boolean(),
})
const body = fc.option(
  fc
    .array(line, { maxLength: 5 })
    .map((lines) => lines.map((text) => text.toWellFormed().replaceAll(/[\r\n\0]/g, '')).join('\n')),
)

const contentsOf = (raw: Buffer) =>
  parseMessage(raw).index.attachments.map(({ index }) => parseAttachment(raw, index)?.content.toString('hex'))

const keyed = (boxes: readonly MailboxAddress[]) => boxes.map((box) => [box.name, normaliseAddress(box.address)])
const orNothing = (text: string | null) => (text === null || text.trim() === '' ? '' : text)
const textOf = (text: string | null) => orNothing(authorText(text ?? ''))

describe('a composed message', () => {
  it('says what was given, in whatever script, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          from: mailbox,
          to: fc.array(mailbox, { maxLength: 4 }),
          bcc: fc.array(mailbox, { maxLength: 2 }),
          subject: name,
          text: body,
          html: body,
          attachments: fc.array(attachment, { maxLength: 3 }),
        }),
        async (fields) => {
          const raw = await composeMessage(fields, TOOLS)
          const parsed = parseMessage(raw)
          expect(parsed.ok).toBe(true)
          const { from, to, bcc, subject, attachments } = parsed.index
          expect([from, to, bcc].map(keyed)).toEqual([[fields.from], fields.to, fields.bcc].map(keyed))
          expect(subject).toBe(fields.subject)
          const [text, html] = [orNothing(fields.text), orNothing(fields.html)]
          if (text !== '' || html === '') expect(textOf(parsed.text)).toBe(text)
          expect(textOf(parsed.html)).toBe(html)
          expect(contentsOf(raw).sort()).toEqual(
            fields.attachments.map(({ content }) => content.toString('hex')).sort(),
          )
          expect(
            attachments.map(({ contentType }) => contentType).filter((type) => /^(?:multipart|message)/.test(type)),
          ).toEqual([])
        },
      ),
      { numRuns: 400 },
    )
  })

  it('has lines of at most 998 bytes that end with CRLF', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mailbox, { maxLength: 20 }), name, body, async (to, subject, text) => {
        const raw = (await composeMessage({ to, subject, text }, TOOLS)).toString('latin1')
        expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0]/)
        for (const each of raw.split('\r\n')) expect(each.length).toBeLessThanOrEqual(998)
      }),
      { numRuns: 100 },
    )
  })

  it('has no field that a text has smuggled in, wherever the text stands', async () => {
    const forging = fc
      .tuple(arbitraryHostileText, arbitraryHostileText)
      .map(([a, b]) => `${a}\r\nX-Forged: 1\r\n\r\n${b}\nX-Forged: 2`)
    await fc.assert(
      fc.asyncProperty(forging, fc.integer({ min: 0, max: 9 }), async (text, place) => {
        const box = { name: text, address: 'a@b.example' }
        const places: Partial<MessageFields>[] = [
          { from: box },
          { to: [box] },
          { cc: [{ name: '', address: text }] },
          { replyTo: [box] },
          { subject: text },
          { inReplyTo: text },
          { references: [text] },
          { headers: [{ name: 'X-Note', value: text }] },
          { headers: [{ name: text, value: 'x' }] },
          {
            attachments: [
              { filename: text, contentType: text, content: Buffer.from('x'), contentId: text, inline: true },
            ],
          },
        ]
        const raw = await composeMessage({ text: 'hello', ...places[place] }, TOOLS)
        const { fields, malformed, bodyStart } = splitHeaders(raw, 0, raw.length, LIMITS, 'strict')
        expect([malformed, fields.filter((field) => field.name === 'X-Forged')]).toEqual([false, []])
        expect(raw.toString('latin1', bodyStart)).not.toMatch(/^X-Forged/m)
      }),
      { numRuns: 300 },
    )
  })

  it('takes neither a file nor an address for content', async () => {
    const content = Object.assign(Buffer.from('mine'), { path: '/etc/passwd', href: 'http://127.0.0.1:1/' })
    const sly = {
      filename: 'a',
      contentType: 'text/plain',
      content,
      contentId: null,
      inline: false,
      path: '/etc/passwd',
      href: 'http://127.0.0.1:1/',
      raw: 'X: y',
    }
    const raw = await composeMessage({ attachments: [sly] }, TOOLS)
    expect(contentsOf(raw)).toEqual([Buffer.from('mine').toString('hex')])
  })
})
