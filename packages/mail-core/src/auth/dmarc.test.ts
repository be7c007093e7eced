import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { decidePolicy, sign } from './index.ts'
import { check, type Txt } from './testing/check.ts'
import { keysFor, type TestKeys } from './testing/keys.ts'

let x: TestKeys
let evil: TestKeys
beforeAll(async () => {
  x = await keysFor('x.example')
  evil = await keysFor('evil.example')
})
const NOW = new Date('2026-01-02T03:04:05Z')
const ENFORCE = { enforce: true, override: null, defers: true } as const

const message = (from = 'me@x.example', more = '') => `From: ${from}\r\nSubject: Hello\r\n${more}\r\nHello.\r\n`
const signedBy = (keys: TestKeys, text: string) => sign(Buffer.from(text), { keys: [keys.rsa], now: NOW }) + text
const zones = (policy: string, more: Txt = {}): Txt => ({
  'x.example': 'v=spf1 ip4:192.0.2.1 -all',
  'evil.example': 'v=spf1 +all',
  '_dmarc.x.example': `v=DMARC1; ${policy}`,
  ...x.records,
  ...evil.records,
  ...more,
})
const action = async (text: string, records: Txt, session: { ip?: string; reversePath?: string } = {}) => {
  const found = await check(text, records, session)
  return { found, ...decidePolicy(found, ENFORCE) }
}
const ELSEWHERE = { ip: '198.51.100.9', reversePath: 'bounce@evil.example' }

describe('DMARC', () => {
  it('passes by SPF alone, or by a signature alone', async () => {
    const bySpf = await action(message(), zones('p=reject'))
    expect(bySpf.found.dmarc).toMatchObject({ result: 'pass', alignedSpf: 'x.example', alignedDkim: null })
    expect(bySpf.found.spf).toMatchObject({ result: 'pass', domain: 'x.example', record: 'v=spf1 ip4:192.0.2.1 -all' })
    const byDkim = await action(signedBy(x, message()), zones('p=reject'), ELSEWHERE)
    expect(byDkim.found.dmarc).toMatchObject({
      result: 'pass',
      alignedSpf: null,
      alignedDkim: 'x.example',
      record: 'v=DMARC1; p=reject',
      policyDomain: 'x.example',
    })
    expect([bySpf.action, byDkim.action]).toEqual(['accept', 'accept'])
  })

  it.each([
    ['p=reject', 'reject'],
    ['p=quarantine', 'junk'],
    ['p=none', 'accept'],
    ['p=reject; t=y', 'junk'],
  ] as const)('forged mail meets %s: %s', async (policy, expected) => {
    for (const text of [message(), signedBy(evil, message())]) {
      const { found, action: what } = await action(text, zones(policy), ELSEWHERE)
      expect(found.dmarc).toMatchObject({ result: 'fail', domain: 'x.example', alignedSpf: null, alignedDkim: null })
      expect(what).toBe(expected)
    }
  })

  it('a signature and SPF of another domain, though they pass, count for nothing', async () => {
    const { found } = await action(signedBy(evil, message()), zones('p=reject'), ELSEWHERE)
    expect([found.spf.result, found.dkim.result, found.dmarc.result]).toEqual(['pass', 'pass', 'fail'])
    expect(found.dkim.signatures).toMatchObject([{ domain: 'evil.example', result: 'pass', aligned: false }])
  })

  it.each([
    ['adkim=r', 'pass'],
    ['adkim=s', 'fail'],
  ])('alignment %s of a subdomain: %s', async (mode, result) => {
    const text = signedBy(x, message('me@sub.x.example'))
    expect((await action(text, zones(`p=reject; ${mode}`), ELSEWHERE)).found.dmarc.result).toBe(result)
  })

  it('a subdomain gets sp=, one that does not exist np=', async () => {
    const records = zones('p=none; sp=quarantine; np=reject')
    const known = { ...records, 'sub.x.example': 'anything' }
    expect((await action(message('me@sub.x.example'), known, ELSEWHERE)).action).toBe('junk')
    expect((await action(message('me@sub.x.example'), records, ELSEWHERE)).action).toBe('reject')
  })

  it('asks each question once', async () => {
    const { found } = await action(signedBy(evil, message('me@a.b.c.x.example')), zones('p=reject'), ELSEWHERE)
    const dmarc = found.asked.filter((question) => question.includes('_dmarc'))
    expect(dmarc).toHaveLength(new Set(dmarc).size)
  })

  it('a domain without a policy is accepted', async () => {
    const { found, action: what } = await action(message('me@other.example'), zones('p=reject'), ELSEWHERE)
    expect([found.dmarc.result, what]).toEqual(['none', 'accept'])
  })
})

describe('a header that programs read differently', () => {
  it('with several From fields is refused, whatever else passes', async () => {
    for (const more of ['From: ceo@x.example\r\n', 'from : ceo@x.example\r\n', 'From\r\n : ceo@x.example\r\n']) {
      const { found, ...decision } = await action(signedBy(x, message('me@x.example', more)), zones('p=none'))
      expect(found.form.kind).toBe('several_authors')
      expect(found.dmarc.result).toBe('permerror')
      expect(decision).toMatchObject({ action: 'reject', reply: { code: 550, enhanced: '5.6.0' } })
      expect(decidePolicy(found, { enforce: false, override: 'off', defers: true }).action).toBe('reject')
    }
  })

  it.each(['Sender', 'Reply-To', 'To', 'Cc', 'Subject', 'Date', 'Message-ID'])(
    'with %s twice never passes DMARC, and goes to Junk',
    async (name) => {
      const more = `${name}: a@x.example\r\n${name.toLowerCase()}: b@x.example\r\n`
      const { found, ...decision } = await action(signedBy(x, message('me@x.example', more)), zones('p=none'))
      expect(found.spf.result).toBe('pass')
      expect(found.dmarc.result).toBe('permerror')
      expect(decision.action).toBe('junk')
      expect(decision.reason).toMatch(/is repeated$/)
      const forged = await action(message('me@x.example', more), zones('p=reject'), ELSEWHERE)
      expect(forged.action).toBe('reject')
    },
  )

  it('without From goes to Junk', async () => {
    const { found, ...decision } = await action('Subject: x\r\n\r\nx\r\n', zones('p=reject'))
    expect(found.dmarc.result).toBe('permerror')
    expect(decision).toEqual({ action: 'junk', reason: 'The message has no From field' })
  })

  it.each([
    ['me@x.example, ceo@bank.example', 'The authors are of several domains'],
    ['undisclosed', 'The message has no author with a domain'],
    ['Bank <x.example>', 'The message has no author with a domain'],
    ['Team:;', 'The message has no author with a domain'],
    ['me@x.example, <ceo@>', 'Programs find different authors in the From field'],
    [Array.from({ length: 200 }, (_, n) => `a${n}@x.example`).join(', '), 'The message has too many authors'],
  ])('with the authors %s goes to Junk', async (from, reason) => {
    const { found, ...decision } = await action(message(from), zones('p=reject'))
    expect(found.dmarc.result).toBe('permerror')
    expect(decision).toEqual({ action: 'junk', reason })
  })

  it('an author behind more text than anybody needs goes to Junk, unread', async () => {
    const from = `${Array.from({ length: 500 }, () => `"${'x'.repeat(70)}"`).join('\r\n ')} <me@x.example>`
    const { found, ...decision } = await action(message(from), zones('p=reject'))
    expect(found.dmarc).toMatchObject({ result: 'permerror', domain: null })
    expect(decision).toEqual({ action: 'junk', reason: 'The message has too many authors' })
  })

  it('several authors of one domain are fine', async () => {
    const { found } = await action(message('me@x.example, Team: you@x.example;'), zones('p=reject'))
    expect(found.dmarc).toMatchObject({ result: 'pass', domain: 'x.example' })
  })
})

describe('DNS that fails', () => {
  it('never turns a message that would pass into one that is refused or suspected', async () => {
    const records = zones('p=reject', {
      'x.example': 'v=spf1 include:spf.x.example -all',
      'spf.x.example': 'v=spf1 ip4:192.0.2.1 -all',
    })
    const names = [...Object.keys(records), '_dmarc.sub.x.example', '_dmarc.example', 'sub.x.example']
    const texts = [message(), signedBy(x, message()), signedBy(x, message('me@sub.x.example'))]
    const cases = fc.record({ failing: fc.subarray(names), text: fc.constantFrom(...texts), forwarded: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(cases, async ({ failing, text, forwarded }) => {
        const session = forwarded ? ELSEWHERE : {}
        const whole = await action(text, records, session)
        const broken = Object.fromEntries(failing.map((name) => [name, 'trouble']))
        const { found, action: what } = await action(text, { ...records, ...broken }, session)
        const allowed = whole.action === 'accept' ? ['accept', 'tempfail'] : ['reject', 'accept', 'tempfail']
        expect([failing, found.dmarc.result, allowed]).toEqual([
          failing,
          found.dmarc.result,
          expect.arrayContaining([what]),
        ])
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['the policy', '_dmarc.x.example'],
    ['SPF of the author’s domain', 'x.example'],
    ['the key of the author’s domain', 'r._domainkey.x.example'],
  ])('%s: try again later', async (_, name) => {
    const session = name === 'x.example' ? {} : ELSEWHERE
    const text = name === 'x.example' ? message() : signedBy(x, message())
    const { found, ...decision } = await action(text, zones('p=reject', { [name]: 'trouble' }), session)
    expect(found.dmarc.result).toBe('temperror')
    expect(decision).toMatchObject({ action: 'tempfail', reply: { code: 451, enhanced: '4.4.3' } })
  })

  it('for a stranger’s signature or SPF delays no refusal', async () => {
    const records = zones('p=reject', { 'r._domainkey.evil.example': 'trouble', 'evil.example': 'trouble' })
    const { found, action: what } = await action(signedBy(evil, message()), records, ELSEWHERE)
    expect([found.spf.result, found.dkim.result, found.dmarc.result, what]).toEqual([
      'temperror',
      'temperror',
      'fail',
      'reject',
    ])
  })

  it('delays nothing for a domain that asks for nothing', async () => {
    const { action: what } = await action(
      signedBy(x, message()),
      zones('p=none', { 'r._domainkey.x.example': 'trouble' }),
      ELSEWHERE,
    )
    expect(what).toBe('accept')
  })

  it('during a PTR look-up of SPF, which SPF itself passes over, delays too', async () => {
    const records = zones('p=reject', { 'x.example': 'v=spf1 ptr:x.example -all', '1.2.0.192.in-addr.arpa': 'trouble' })
    const { found, action: what } = await action(message(), records)
    expect([found.spf.result, found.spf.dnsTrouble, what]).toEqual(['fail', true, 'tempfail'])
  })
})
