import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseMessage } from '../message/index.ts'
import { smtpReply } from '../smtp/index.ts'
import { arbitraryDataBytes, arbitraryHostileText } from '../testing/index.ts'
import { composeDsn, type DsnReport } from './index.ts'
import { address, ORIGINAL, recipient, report, TOOLS } from './dsn.fixtures.ts'

const compose = (changes: Partial<DsnReport> = {}) => composeDsn(report(changes), TOOLS)
/** The parts, each with its header. */
const parts = (changes: Partial<DsnReport> = {}) => {
  const [, ...found] = compose(changes).raw.toString().split(`--${TOOLS.boundary}`)
  return found.slice(0, 3).map((part) => part.replace(/^\r\n/, ''))
}
const machine = (changes: Partial<DsnReport> = {}) => (parts(changes)[1] ?? '').replaceAll('\r\n ', ' ')
const text = (changes: Partial<DsnReport> = {}) =>
  parseMessage(compose(changes).raw).text?.replaceAll(/\s+/g, ' ') ?? ''

describe('O43 a DSN', () => {
  it('has every field for programs', () => {
    const orcpt = { type: 'rfc822', address: 'list+bob@example.org' }
    expect(machine({ envid: 'QQ 314', recipients: [recipient({ orcpt })] })).toBe(
      [
        'Content-Type: message/delivery-status',
        '',
        'Original-Envelope-Id: QQ 314',
        'Reporting-MTA: dns; mail.example.org',
        'Arrival-Date: Sat, 28 Nov 2026 10:00:00 +0000',
        '',
        'Original-Recipient: rfc822; list+bob@example.org',
        'Final-Recipient: rfc822; bob@example.net',
        'Action: failed',
        'Status: 5.1.1',
        'Remote-MTA: dns; mx.example.net',
        'Diagnostic-Code: smtp; 550 5.1.1 User unknown',
        'Last-Attempt-Date: Sat, 28 Nov 2026 10:00:05 +0000',
        '',
        '',
      ].join('\r\n'),
    )
  })

  it('says until when delayed mail is tried, and has a temporary status', () => {
    const until = new Date('2026-12-03T10:00:00Z')
    const late = {
      action: 'delayed',
      class: 'no_answer',
      reply: smtpReply(451, null, 'No answer'),
      said: null,
    } as const
    const recipients = [recipient({ ...late, willRetryUntil: until })] as const
    const fields = machine({ recipients })
    expect(fields).toContain('\r\nAction: delayed\r\nStatus: 4.0.0\r\nDiagnostic-Code: x-mairust; No answer\r\n')
    expect(fields).toContain('Will-Retry-Until: Thu, 03 Dec 2026 10:00:00 +0000')
    expect(fields).not.toContain('Remote-MTA')
    expect(text({ recipients })).toContain('We keep trying until Thu, 03 Dec 2026 10:00:00 UTC.')
    expect(machine({ recipients: [recipient({ willRetryUntil: until })] })).not.toContain('Will-Retry-Until')
  })

  it('keeps what a remote said last of mail whose time is over', () => {
    const said = { host: 'mx.example.net', reply: smtpReply(450, '4.2.0', 'Greylisted') }
    const fields = machine({ recipients: [recipient({ reply: smtpReply(550, '5.4.7', 'Too late'), said })] })
    expect(fields).toContain('Status: 5.4.7\r\n')
    expect(fields).toContain('Diagnostic-Code: smtp; 450 4.2.0 Greylisted\r\n')
  })

  it('has statuses of 2 after success, whatever the reply', () => {
    const done = { action: 'relayed', class: null, reply: smtpReply(250, null, 'OK'), said: null } as const
    expect(machine({ recipients: [recipient(done)] })).toContain('Action: relayed\r\nStatus: 2.0.0')
  })

  it('explains in English what happened and what to do', () => {
    const found = parseMessage(compose().raw)
    expect(found.index.subject).toBe('Not delivered: 会議の件 tomorrow')
    expect(text()).toContain('Your message could not be delivered to: bob@example.net The address does not exist')
    expect(text()).toContain('Check the spelling of the address.')
    expect(text()).toContain('The other mail system, mx.example.net, said: 550 5.1.1 User unknown')
    expect(text()).toContain('Subject: 会議の件 tomorrow Sent: Sat, 28 Nov 2026 10:00:00 UTC')
  })

  it('explains in Japanese', () => {
    const found = parseMessage(compose({ language: 'ja' }).raw)
    expect(found.index.from).toEqual([{ name: 'メールシステム', address: 'postmaster@example.org' }])
    expect(found.index.subject).toBe('配信できませんでした: 会議の件 tomorrow')
    expect(found.text).toContain('宛先のメールアドレスは、相手のメールシステムに存在しません。')
    expect(found.text).toContain('送信日時：2026年11月28日 10:00（UTC）')
  })

  it('answers in the thread of its message, from <>, as an automatic reply (O44)', () => {
    const dsn = compose()
    const { headers } = parseMessage(dsn.raw)
    const value = (name: string) => headers.find((field) => field.name === name)?.value
    expect(dsn).toMatchObject({ reversePath: null, to: { localPart: 'ann' }, smtputf8: false })
    expect(value('Auto-Submitted')).toBe('auto-replied')
    expect(value('To')).toBe('ann@example.org')
    expect(value('In-Reply-To')).toBe('<original-1@example.org>')
    expect(value('Content-Type')).toBe('multipart/report; report-type=delivery-status; boundary="dsn-0123456789"')
  })

  it('is one for several recipients (O44), and tells the sender of the addresses that they wrote', () => {
    const orcpt = { type: 'rfc822', address: 'sales@example.org' }
    const done = { action: 'delivered', class: null, reply: smtpReply(250, '2.0.0', 'OK'), said: null } as const
    const hidden = recipient({ path: address('private@example.net'), orcpt })
    const all = { recipients: [recipient({ ...done, path: address('eve@example.net') }), hidden] } as const
    expect(text(all)).toMatch(
      /could not be delivered to: sales@example\.org .* has arrived in the mailbox of: eve@example\.net/,
    )
    expect(text(all)).not.toContain('private')
    expect(machine(all).match(/^Final-Recipient/gm)).toHaveLength(2)
    const [first] = all.recipients
    expect(text({ recipients: [first, ...Array.from({ length: 200 }, () => first)] })).toContain('and 101 more')
  })

  it('has UTF-8 only where an address needs it and the sender can read it (RFC 6533)', () => {
    const recipients = [
      recipient({ path: address('山田@example.jp'), orcpt: { type: 'utf-8', address: '\\x{5C71}@a.jp' } }),
    ] as const
    const global = machine({ recipients, smtputf8: true })
    expect(global).toContain('Content-Type: message/global-delivery-status\r\nContent-Transfer-Encoding: 8bit')
    expect(global).toContain('Original-Recipient: utf-8; 山@a.jp\r\nFinal-Recipient: utf-8; 山田@example.jp')
    expect(compose({ recipients, smtputf8: true })).toMatchObject({ body: '8bitmime', smtputf8: false })
    const plain = machine({ recipients })
    expect(plain).toContain(
      'Original-Recipient: utf-8; \\x{5C71}@a.jp\r\nFinal-Recipient: utf-8; \\x{5C71}\\x{7530}@example.jp',
    )
    expect(compose({ recipients }).body).toBe('7bit')
    expect(compose({ to: address('山田@example.jp'), smtputf8: true })).toMatchObject({
      smtputf8: true,
      body: '8bitmime',
    })
    expect(machine({ smtputf8: true })).toContain('message/delivery-status')
  })

  describe('returns', () => {
    const third = (changes: Partial<DsnReport>) => parts(changes)[2] ?? ''

    it('the header, or the message when RET=FULL', () => {
      expect(third({})).toMatch(
        /^Content-Type: text\/rfc822-headers\r\n\r\nReceived: .*original-1@example\.org>\r\n\r\n$/s,
      )
      expect(third({ ret: 'hdrs' })).not.toContain('Hello Bob')
      expect(third({ ret: 'full' })).toBe(`Content-Type: message/rfc822\r\n\r\n${ORIGINAL.toString()}\r\n`)
    })

    it('the header alone when the message is large, not all there, ill-formed, or did not fail', () => {
      const lines = (body: string) => Buffer.concat([ORIGINAL, Buffer.from(body)])
      expect(third({ ret: 'full', original: lines('x\r\n'.repeat(20_000)) })).not.toContain('Hello')
      expect(third({ ret: 'full', maxReturnedBytes: 100 })).not.toContain('Hello')
      expect(third({ ret: 'full', complete: false })).not.toContain('Hello')
      expect(third({ ret: 'full', original: lines('a\nb') })).not.toContain('Hello')
      expect(third({ ret: 'full', original: lines('x'.repeat(999)) })).not.toContain('Hello')
      expect(third({ ret: 'full', recipients: [recipient({ action: 'delayed' })] })).not.toContain('Hello')
    })

    it('other scripts as they are, and what has no charset encoded', () => {
      expect(third({ original: Buffer.from('Subject: 件名\r\n\r\n') })).toMatch(
        /^Content-Type: message\/global-headers\r\nContent-Transfer-Encoding: 8bit/,
      )
      expect(third({ original: Buffer.from('Subject: \xe9\r\n\r\n', 'latin1') })).toContain(
        'quoted-printable\r\n\r\nSubject: =E9',
      )
      expect(third({ original: Buffer.from(`X: ${'y'.repeat(1200)}\r\n\r\n`) })).toContain('quoted-printable')
    })

    it('a bounded header', () => {
      const original = Buffer.from(`Subject: hi\r\n${`X: ${'y'.repeat(900)}\r\n`.repeat(200)}\r\n`)
      expect(third({ original }).length).toBeLessThan(34_000)
      expect(third({ original })).toContain('Subject: hi')
    })
  })

  it('is well-formed whatever remotes and messages say: nothing begins a field or part, lines stay short', () => {
    const hostile = fc.oneof(
      arbitraryHostileText,
      fc.constantFrom('a'.repeat(3000), '漢'.repeat(2000), `\r\n--${TOOLS.boundary}`),
    )
    const language = fc.constantFrom('en' as const, 'ja' as const)
    const ret = fc.constantFrom('full' as const, 'hdrs' as const, null)
    fc.assert(
      fc.property(
        hostile,
        hostile,
        arbitraryDataBytes,
        language,
        ret,
        fc.boolean(),
        (words, name, body, to, asked, utf8) => {
          const reply = { code: 550, enhanced: null, text: words }
          const orcpt = { type: 'utf-8', address: name.replaceAll(/[^\x20-\x7e]/g, '?') }
          const recipients = [
            recipient({ reply, said: { host: name, reply }, orcpt }),
            recipient({ reply, said: null }),
          ] as const
          // Nobody can guess the boundary beforehand; a remote might have seen it in another DSN.
          const written = `Subject: ${name}\r\nMessage-ID: <${words}>\r\n`.replaceAll(TOOLS.boundary, 'other')
          const original = Buffer.concat([Buffer.from(written), body])
          const dsn = compose({
            recipients,
            original,
            language: to,
            ret: asked,
            envid: orcpt.address || null,
            smtputf8: utf8,
          })
          const raw = dsn.raw.toString('latin1')
          expect(raw).not.toMatch(/\0|\r(?!\n)|(?<!\r)\n/)
          for (const line of raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998)
          expect(raw.split(`\r\n--${TOOLS.boundary}`)).toHaveLength(5)
          const status = raw.split(`\r\n--${TOOLS.boundary}`)[2] ?? ''
          expect(status.match(/^[A-Z][A-Za-z-]+:/gm)?.filter((field) => field === 'Action:')).toHaveLength(2)
          const { headers, ok } = parseMessage(dsn.raw)
          expect(ok).toBe(true)
          expect(
            headers.map((field) => field.name).filter((field) => field === 'Subject' || field === 'To'),
          ).toHaveLength(2)
        },
      ),
    )
  })
})
