import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatResults, isForeignResult, type Verification } from './index.ts'
import { check } from './testing/check.ts'

const HOST = 'mx.receiver.example'
const SIGNATURE = {
  result: 'pass',
  domain: 'x.example',
  selector: 's1',
  identity: '@x.example',
  algorithm: 'rsa-sha256',
  keyBits: 2048,
  weakKey: false,
  record: null,
  start: 'abcd+/12',
  aligned: true,
  reason: '',
} as const
const FOUND: Verification = {
  spf: {
    result: 'pass',
    identity: 'mailfrom',
    domain: 'x.example',
    record: null,
    explanation: null,
    reason: '',
    dnsTrouble: false,
  },
  dkim: { result: 'pass', signatures: [SIGNATURE], ignored: 0, reason: '' },
  dmarc: {
    result: 'pass',
    domain: 'x.example',
    policyDomain: 'x.example',
    record: null,
    policy: 'reject',
    testing: false,
    alignedSpf: 'x.example',
    alignedDkim: 'x.example',
    reason: '',
  },
  arc: { result: 'none', sealers: [], vouchedBy: null, mayVouch: false, reason: '' },
  form: { kind: 'good' },
}

describe('our results', () => {
  it('are a field as RFC 8601 has it', () => {
    expect(formatResults(HOST, FOUND, '192.0.2.1').split('\r\n')).toEqual([
      'Authentication-Results: mx.receiver.example;',
      ' spf=pass smtp.mailfrom=x.example;',
      ' dkim=pass header.d=x.example header.i=@x.example header.s=s1',
      '  header.a=rsa-sha256 header.b="abcd+/12";',
      ' dmarc=pass header.from=x.example;',
      ' arc=none smtp.remote-ip=192.0.2.1',
      '',
    ])
  })

  it('name the HELO identity, the policy that was not met, and what is not there', () => {
    const text = formatResults(
      HOST,
      {
        ...FOUND,
        spf: { ...FOUND.spf, result: 'none', identity: 'helo', domain: 'helo.example' },
        dkim: { result: 'none', signatures: [], ignored: 0, reason: '' },
        dmarc: { ...FOUND.dmarc, result: 'fail' },
        arc: { ...FOUND.arc, result: 'temperror' },
      },
      '2001:db8::1',
    )
    expect(text).toContain(' spf=none smtp.helo=helo.example;')
    expect(text).toContain(' dkim=none;')
    expect(text).toContain(' dmarc=fail header.from=x.example policy.dmarc=reject;')
    expect(text).toContain(' arc=fail smtp.remote-ip="2001:db8::1"')
  })

  it('cannot be forged from within: whatever a stranger writes stays a value', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        'a',
        '"',
        '\\',
        ';',
        '\r\n',
        '\n',
        '\0',
        ' ',
        '(',
        ')',
        '=',
        '@',
        '山',
        '\u2028',
        'dmarc=pass',
      ),
      maxLength: 60,
    })
    fc.assert(
      fc.property(hostile, hostile, hostile, hostile, (domain, selector, identity, other) => {
        const signature = {
          ...SIGNATURE,
          result: 'fail',
          domain,
          selector,
          identity,
          algorithm: other,
          start: other,
        } as const
        const text = formatResults(
          HOST,
          {
            ...FOUND,
            spf: { ...FOUND.spf, result: 'fail', domain },
            dkim: { ...FOUND.dkim, result: 'fail', signatures: [signature] },
            dmarc: { ...FOUND.dmarc, result: 'fail', domain },
          },
          other,
        )
        expect(text).toMatch(/^[\x20-\x7e\r\n]+\r\n$/)
        // Every line after the first continues the field.
        expect(
          text
            .slice(0, -2)
            .split('\r\n')
            .slice(1)
            .every((line) => /^ +\S/.test(line)),
        ).toBe(true)
        const bare = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, 'q')
        expect(bare).not.toMatch(/["\\()]/)
        expect(bare.split(';').map((part) => /\w+=\w+/.exec(part)?.[0])).toEqual([
          undefined,
          'spf=fail',
          'dkim=fail',
          'dmarc=fail',
          'arc=none',
        ])
      }),
      { numRuns: 3000 },
    )
  })

  it('leave out what is too long, and name ten signatures at most', () => {
    const signatures = Array.from({ length: 30 }, () => ({ ...SIGNATURE, selector: 's'.repeat(2000) }))
    const text = formatResults(HOST, { ...FOUND, dkim: { ...FOUND.dkim, signatures } }, '192.0.2.1')
    expect(text.match(/dkim=/g)).toHaveLength(10)
    expect(text).not.toContain('header.s')
    for (const line of text.split('\r\n')) expect(line.length).toBeLessThan(400)
  })

  it('of a real message are read back', async () => {
    const found = await check(
      'From: a@x.example\r\nDKIM-Signature: v=1; a=rsa-sha256; d="; dmarc=pass; s=(;\r\n\r\nx\r\n',
      {},
    )
    const text = formatResults(HOST, found, '192.0.2.1')
    expect(text.match(/dmarc=\w+/g)?.at(-1)).toBe('dmarc=none')
    expect(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '')).not.toContain('dmarc=pass')
  })
})

describe('results of others', () => {
  it.each([
    ['Authentication-Results', `${HOST}; spf=pass`, true],
    ['AUTHENTICATION-RESULTS', ` (x) "${HOST}" 1; spf=pass`, true],
    ['Authentication-Results', 'old.receiver.example; none', true],
    ['Authentication-Results', 'mx.other.example; dmarc=pass', false],
    ['ARC-Authentication-Results', `i=1; ${HOST}; spf=pass`, false],
    ['X-Authentication-Results', `${HOST}; spf=pass`, false],
  ])('%s: %s is removed: %s', (name, value, expected) => {
    expect(isForeignResult(name, value, [HOST, 'old.receiver.example'])).toBe(expected)
  })
})
