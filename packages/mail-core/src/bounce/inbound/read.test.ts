import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseReversePath } from '../../address/index.ts'
import { composeDsn } from '../../dsn/index.ts'
import { address, recipient, report, TOOLS } from '../../dsn/dsn.fixtures.ts'
import { smtpReply } from '../../smtp/index.ts'
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
