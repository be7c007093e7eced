import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseReversePath } from '../../address/index.ts'
import { arbitraryHostileText } from '../../testing/index.ts'
import { BOUNCE_CLASSES } from '../table.ts'
import { readReturned } from './index.ts'

const read = (raw: Buffer | string, from = '<>') => {
  const path = parseReversePath(from)
  if (!path.ok) throw new Error(from)
  return readReturned(Buffer.from(raw), { reversePath: path.value })
}

describe('hostile mail', () => {
  const head = 'From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n'
  const multipart = (boundary: string, type: string) =>
    `${head}Content-Type: multipart/report; boundary="${boundary}"\r\n\r\n--${boundary}\r\nContent-Type: ${type}\r\n\r\n`

  it('is read up to a bound: recipients, lines, parts and bytes', () => {
    const group = (at: number) => `Final-Recipient: rfc822; u${at}@x.example\r\nAction: failed\r\n\r\n`
    const many = Array.from({ length: 5000 }, (_, at) => group(at)).join('')
    expect(read(`${multipart('b', 'message/delivery-status')}${many}--b--`).recipients).toHaveLength(100)
    const named = Array.from({ length: 5000 }, (_, at) => `<u${at}@x.example>:\r\nno such user\r\n\r\n`).join('')
    expect(read(`${head}\r\nHi. This is the qmail-send program\r\n${named}`).recipients).toHaveLength(100)
    const parts = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(10_000)
    expect(read(`${multipart('b', 'text/plain')}user unknown\r\n${parts}`).kind).toBe('bounce')
    const [long] = read(`${head}\r\n<bob@x.example>: ${'550 5.1.1 user unknown '.repeat(50_000)}`).recipients
    expect(long?.reply.text.length).toBeLessThanOrEqual(1500)
  })

  it('costs no more than in proportion to its size, whatever is repeated', () => {
    const pieces = [
      '@',
      '<a@b.c',
      'a@',
      '550 ',
      '550-5.1.1 ',
      '((((',
      ';;;',
      '日本@',
      '.@.',
      'to: ',
      '\\x{41}',
      '=?x?',
      '<',
      ' \t',
      '5.1.1.',
    ]
    for (const piece of pieces) {
      for (const type of ['text/plain', 'message/delivery-status', 'message/feedback-report']) {
        const flood = piece.repeat(Math.ceil(2_000_000 / piece.length))
        const body = `Final-Recipient: ${flood}\r\nDiagnostic-Code: ${flood}\r\nFeedback-Type: ${flood}\r\n${flood}`
        expect(read(`${multipart('b', type)}${body}\r\n--b--`).recipients.length).toBeLessThanOrEqual(100)
      }
    }
  }, 30_000)

  it('never throws, and says only what is bounded and safe to store', () => {
    const field = fc.constantFrom(
      'Final-Recipient: ',
      'Original-Recipient: utf-8;',
      'Action: ',
      'Status: ',
      'Diagnostic-Code: smtp; ',
      'Remote-MTA: dns;',
      'Feedback-Type: ',
      'Original-Rcpt-To: ',
      '<a@b.example>: ',
      'Original-Envelope-Id: ',
      '',
    )
    const value = fc.oneof(
      arbitraryHostileText,
      fc.constantFrom('failed', 'delayed', '5.1.1', '550 5.1.1 no', 'a@b.example', 'abuse', '\\x{202E}\\x{0}'),
    )
    const line = fc.tuple(field, value).map(([name, text]) => `${name}${text}\r\n`)
    const type = fc.constantFrom(
      'text/plain',
      'message/delivery-status',
      'message/feedback-report',
      'message/rfc822',
      'text/html',
    )
    const body = fc.array(line, { maxLength: 12 }).map((lines) => lines.join(''))
    fc.assert(
      fc.property(
        fc.array(fc.tuple(type, body), { maxLength: 4 }),
        arbitraryHostileText,
        fc.boolean(),
        (parts, subject, isNull) => {
          const content = parts.map(([kind, text]) => `--b\r\nContent-Type: ${kind}\r\n\r\n${text}`).join('')
          const raw = Buffer.from(
            `${head}X-A: ${subject}\r\nContent-Type: multipart/report; boundary=b\r\n\r\n${content}--b--`,
          )
          const got = read(raw, isNull ? '<>' : '<x@x.example>')
          for (const { address: text, reply, class: cls } of got.recipients) {
            expect(text.length).toBeLessThanOrEqual(320)
            expect(text + reply.text).not.toMatch(/[\r\n\0]/)
            expect(reply.text.length).toBeLessThanOrEqual(1500)
            if (cls !== null) expect(BOUNCE_CLASSES).toContain(cls)
          }
        },
      ),
    )
  })
})
