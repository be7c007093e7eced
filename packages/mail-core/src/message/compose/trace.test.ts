import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildReceived, buildTraceHeaders, type TraceClient, type TraceInput } from './trace.ts'

const CLIENT: TraceClient = {
  helo: 'client.example.com',
  rdns: 'mail.example.com',
  ip: '192.0.2.1',
  esmtp: true,
  tls: true,
  authenticated: false,
}
const INPUT: TraceInput = {
  client: CLIENT,
  by: 'mx.example.org',
  smtputf8: false,
  id: 'jrn_01jd0000000000000000000000',
  recipients: ['bob@example.org'],
  date: new Date('2024-01-01T00:00:00Z'),
}

function unfold(header: string): string {
  return header.replaceAll('\r\n ', ' ')
}

describe('buildReceived', () => {
  it('records who, how, where and when', () => {
    expect(unfold(buildReceived(INPUT))).toBe(
      'Received: from client.example.com (mail.example.com [192.0.2.1]) by mx.example.org with ESMTPS id jrn_01jd0000000000000000000000 for <bob@example.org>; Mon, 01 Jan 2024 00:00:00 +0000\r\n',
    )
  })

  it.each<[Partial<TraceClient & Pick<TraceInput, 'smtputf8'>>, string]>([
    [{ esmtp: false, tls: false }, 'SMTP'],
    [{ tls: false }, 'ESMTP'],
    [{ authenticated: true }, 'ESMTPSA'],
    [{ tls: false, authenticated: true }, 'ESMTPA'],
    [{ smtputf8: true }, 'UTF8SMTPS'],
    [{ smtputf8: true, authenticated: true }, 'UTF8SMTPSA'],
  ])('%j is %s', ({ smtputf8 = false, ...change }, protocol) => {
    expect(unfold(buildReceived({ ...INPUT, smtputf8, client: { ...CLIENT, ...change } }))).toContain(
      ` with ${protocol} id `,
    )
  })

  it('names no recipient of several', () => {
    const header = unfold(buildReceived({ ...INPUT, recipients: ['bob@example.org', 'carol@example.org'] }))
    expect(header).toContain(' id jrn_01jd0000000000000000000000; Mon')
    expect(header).not.toMatch(/ for |bob|carol/)
  })

  it('writes IPv6 and silent clients as the RFC requires', () => {
    const header = unfold(buildReceived({ ...INPUT, client: { ...CLIENT, helo: '', rdns: null, ip: '2001:db8::1' } }))
    expect(header).toContain('from unknown ([IPv6:2001:db8::1]) by')
  })

  it('says of what comes over the API when and by whom it was taken, and not from which address', () => {
    expect(unfold(buildReceived({ ...INPUT, client: null }))).toBe(
      'Received: by mx.example.org with HTTP id jrn_01jd0000000000000000000000 for <bob@example.org>; Mon, 01 Jan 2024 00:00:00 +0000\r\n',
    )
  })

  it('is one field with lines of at most 78 characters, whatever the client sends', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('\r', '\n', '\0', ' ', ';', '(', ')', '<', '>', '"', ':', 'X', 'é', '\u2028'),
    })
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, hostile, (helo, rdns, recipient, id, reversePath) => {
        const changed = {
          ...INPUT,
          client: { ...CLIENT, helo, rdns },
          id: `jrn_${id}`,
          recipients: [`a${recipient}@b`],
          reversePath,
          results: '',
        }
        const lines = buildTraceHeaders(changed).split('\r\n')
        expect(lines.pop()).toBe('')
        const starts = lines.filter((line) => !line.startsWith(' ')).map((line) => line.slice(0, line.indexOf(':')))
        expect(starts.filter((name) => name !== 'Delivered-To')).toEqual(['Return-Path', 'Received'])
        for (const line of lines) expect(line).not.toMatch(/[\r\n\0]/)
        for (const line of lines.filter((each) => each.includes(' ', 1))) expect(line.length).toBeLessThanOrEqual(78)
      }),
    )
  })
})

describe('buildTraceHeaders', () => {
  it('puts Return-Path on top, Delivered-To for a single recipient, and the results above Received', () => {
    const results = 'Authentication-Results: mx.example.org; spf=pass\r\n'
    const headers = buildTraceHeaders({ ...INPUT, reversePath: 'alice@example.com', results })
    expect(
      headers.startsWith(
        `Return-Path: <alice@example.com>\r\nDelivered-To: bob@example.org\r\n${results}Received: from`,
      ),
    ).toBe(true)
  })

  it('writes the null reverse-path, and never reveals other recipients', () => {
    const headers = buildTraceHeaders({
      ...INPUT,
      reversePath: '',
      results: '',
      recipients: ['bob@example.org', 'c@example.org'],
    })
    expect(headers).toMatch(/^Return-Path: <>\r\nReceived: from/)
  })
})
