import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { keyRecord } from '../auth/index.ts'
import { checkSender, overallVerdict, type SenderFacts } from './index.ts'

const key = (bits: number) => ({
  record: keyRecord('rsa-sha256', generateKeyPairSync('rsa', { modulusLength: bits }).privateKey),
  status: 'ok',
  algorithm: 'rsa-sha256',
})
const GOOD: SenderFacts = {
  domain: 'x.example',
  spf: [{ address: '192.0.2.7', result: 'pass' }],
  keys: [key(2048)],
  dmarc: { kind: 'record', record: 'v=DMARC1; p=quarantine' },
  ptr: [{ address: '192.0.2.7', status: 'ok' }],
  hasCertificate: true,
}

describe('O51 the rules of the big providers', () => {
  it('are kept by a domain that is set up', () => {
    const checks = checkSender(GOOD)
    expect(checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([])
    expect(overallVerdict(checks)).toBe('pass')
  })

  it.each<[string, Partial<SenderFacts>, string]>([
    ['SPF that refuses an address', { spf: [...GOOD.spf, { address: '2001:db8::7', result: 'softfail' }] }, 'spf fail'],
    ['SPF that DNS does not tell', { spf: [{ address: '192.0.2.7', result: 'temperror' }] }, 'spf unknown'],
    ['no address', { spf: [], ptr: [] }, 'spf unknown, ptr unknown'],
    ['no key', { keys: [] }, 'dkim fail, dkim_key fail, alignment fail'],
    ['Ed25519 alone', { keys: [{ ...key(2048), algorithm: 'ed25519-sha256' }] }, 'dkim fail, dkim_key fail'],
    ['a key that is not published', { keys: [{ ...key(2048), status: 'missing' }] }, 'dkim fail'],
    ['a key that cannot be looked up', { keys: [{ ...key(2048), status: 'error' }] }, 'dkim unknown'],
    ['a key of 1024 bits', { keys: [key(1024)] }, 'dkim_key warn'],
    ['a key of 768 bits', { keys: [key(768)] }, 'dkim_key fail'],
    ['no DMARC record', { dmarc: { kind: 'none' } }, 'dmarc fail'],
    [
      'a DMARC record without policy',
      { dmarc: { kind: 'record', record: 'v=DMARC1; rua=mailto:a@b.example' } },
      'dmarc fail',
    ],
    ['a DMARC policy of none', { dmarc: { kind: 'record', record: 'v=DMARC1;p=none;' } }, 'dmarc warn'],
    ['DMARC that DNS does not tell', { dmarc: { kind: 'trouble' } }, 'dmarc unknown'],
    ['another name in PTR', { ptr: [{ address: '192.0.2.7', status: 'different' }] }, 'ptr fail'],
    ['a self-signed certificate', { hasCertificate: false }, 'tls warn'],
    ['the domain of a provider', { domain: 'gmail.com' }, 'own_domain fail'],
  ])('notice %s', (_, change, expected) => {
    const checks = checkSender({ ...GOOD, ...change }).filter(({ verdict }) => verdict !== 'pass')
    expect(checks.map(({ rule, verdict }) => `${rule} ${verdict}`).join(', ')).toBe(expected)
    expect(expected).toContain(overallVerdict(checks))
  })
})
