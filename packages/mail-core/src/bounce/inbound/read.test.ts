import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseReversePath } from '../../address/index.ts'
import { composeDsn } from '../../dsn/index.ts'
import { address, recipient, report, TOOLS } from '../../dsn/dsn.fixtures.ts'
import { smtpReply } from '../../smtp/index.ts'
import { arbitraryHostileText } from '../../testing/index.ts'
import { BOUNCE_CLASSES } from '../table.ts'
import { readReturned } from './index.ts'

const sample = (name: string) => readFileSync(new URL(`fixtures/${name}.eml`, import.meta.url))
const read = (raw: Buffer | string, from = '<>') => {
  const path = parseReversePath(from)
  if (!path.ok) throw new Error(from)
  return readReturned(Buffer.from(raw), { reversePath: path.value })
}

describe('O47 a bounce', () => {
  it('has all that ties it to a message and recipient', () => {
    expect(read(sample('postfix-unknown'))).toEqual({
      kind: 'bounce',
      format: 'rfc3464',
      recipients: [
        {
          address: 'bob@remote.example',
          original: null,
          action: 'failed',
          status: '5.1.1',
          reply: {
            code: 550,
            enhanced: '5.1.1',
            text: '<bob@remote.example>: Recipient address rejected: User unknown in virtual mailbox table',
          },
          host: 'mail.remote.example',
          class: 'recipient_unknown',
          scope: 'recipient',
          rule: expect.stringContaining('unknown') as string,
        },
      ],
      envelopeId: 'QQ314159',
      messageIds: ['original@sender.example'],
      returnPaths: ['news@sender.example'],
      feedback: null,
    })
  })

  it('joins the lines of a reply, and keeps the code of the remote', () => {
    const [found] = read(sample('google-dsn')).recipients
    expect(found).toMatchObject({ status: '5.1.1', host: 'gmail-smtp-in.l.google.com.' })
    expect(found?.reply.text).toMatch(
      /^The email account that you tried to reach does not exist\. Please try double-checking/,
    )
  })

  it('is tied by what it answers when nothing came back with it', () => {
    expect(read(sample('google-new')).messageIds).toEqual(['original@sender.example'])
  })

  it('is what our own DSN says', () => {
    const orcpt = { type: 'utf-8', address: '\\x{5C71}@a.example' }
    const late = {
      action: 'delayed',
      class: 'no_answer',
      reply: smtpReply(451, '4.4.1', 'No answer'),
      said: null,
    } as const
    const recipients = [recipient({ orcpt }), recipient({ ...late, path: address('eve@example.net') })] as const
    const got = read(composeDsn(report({ envid: 'id-1', recipients, language: 'ja' }), TOOLS).raw)
    expect(got).toMatchObject({ kind: 'bounce', envelopeId: 'id-1', messageIds: ['original-1@example.org'] })
    expect(got.recipients).toMatchObject([
      { address: 'bob@example.net', original: '山@a.example', action: 'failed', class: 'recipient_unknown' },
      { address: 'eve@example.net', original: null, action: 'delayed', class: 'no_answer', status: '4.4.1' },
    ])
  })

  it('is one without <> when its author is a mail system, and not when it is a person', () => {
    expect(read(sample('exim-failed'), '<Mailer-Daemon@remote.example>').kind).toBe('bounce')
    const person = sample('exim-failed')
      .toString()
      .replace(/^From: .*$/m, 'From: Bob <bob@remote.example>')
    expect(read(person, '<bob@remote.example>').kind).toBe('other')
  })
})

describe('O48 what is no bounce', () => {
  it.each(['vacation', 'vacation-exchange', 'vacation-japanese', 'challenge', 'ticket'])(
    '%s, whatever its envelope',
    (name) => {
      for (const from of ['<>', '<bob@remote.example>'])
        expect(read(sample(name), from)).toMatchObject({ kind: 'auto_reply', recipients: [] })
    },
  )

  it.each([
    'postfix-delayed',
    'exim-delay',
    'sendmail-warning',
    'google-delayed',
    'opensmtpd-warning',
    'japanese-delay',
  ])('%s: it is still tried', (name) => {
    const got = read(sample(name))
    expect(got.kind).toBe('delayed')
    expect(got.recipients.every(({ action, reply }) => action === 'delayed' && reply.code < 500)).toBe(true)
  })

  it('keeps a read receipt and good news apart', () => {
    expect(read(sample('read-receipt'))).toMatchObject({ kind: 'disposition', messageIds: ['original@sender.example'] })
    expect(read(sample('postfix-success')).recipients).toMatchObject([
      { action: 'delivered', class: null, reply: { code: 250 } },
    ])
  })
})

describe('O49 a complaint', () => {
  it('has what the report says', () => {
    expect(read(sample('arf-abuse'))).toMatchObject({
      kind: 'complaint',
      recipients: [],
      envelopeId: 'QQ314159',
      messageIds: ['original@sender.example'],
      returnPaths: ['news@sender.example'],
      feedback: {
        type: 'abuse',
        userAgent: 'SomeGenerator/1.0',
        sourceIp: '198.51.100.4',
        arrivedAt: new Date('2026-11-27T09:00:02Z'),
        recipients: ['bob@isp.example'],
        reportedDomains: ['sender.example'],
        authFailure: null,
      },
    })
  })

  it('is tied by our envelope and header when the address is redacted', () => {
    const got = read(sample('arf-redacted'))
    expect(got.feedback?.recipients).toEqual([])
    expect(got).toMatchObject({ messageIds: ['original@sender.example'], returnPaths: ['news@sender.example'] })
  })

  it('is not what a report about authentication or a reader who wants our mail sends', () => {
    const failure = read(sample('arf-auth-failure'))
    expect(failure).toMatchObject({
      kind: 'auth_failure',
      feedback: { authFailure: 'dmarc', deliveryResult: 'reject' },
    })
    expect(read(sample('arf-not-spam')).kind).toBe('not_spam')
  })

  it('names the recipient in the older form of Outlook.com', () => {
    expect(read(sample('outlook-junk'), '<staff@hotmail.com>').feedback).toMatchObject({
      sourceIp: '198.51.100.4',
      recipients: ['bob@hotmail.com'],
    })
  })
})

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
