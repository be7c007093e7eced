import { describe, expect, it } from 'vitest'
import { certificateResult, policyTypeOf, tlsRptAddresses, tlsRptKey, type TlsRptSession } from './index.ts'

const session = (rest: Partial<TlsRptSession> = {}): TlsRptSession => ({
  policyDomain: 'example.com',
  policyType: 'sts',
  mxHost: 'mx.example.com',
  result: null,
  at: new Date('2026-06-01T23:59:59Z'),
  ...rest,
})

describe('O28 a session', () => {
  it('is counted by day, policy, host and result', () => {
    expect(tlsRptKey(session())).toEqual({
      day: '2026-06-01',
      policyDomain: 'example.com',
      policyType: 'sts',
      mxHost: 'mx.example.com',
      result: 'success',
    })
    expect(
      tlsRptKey(session({ at: new Date('2026-06-02T00:00:00Z'), result: 'starttls-not-supported' })),
    ).toMatchObject({
      day: '2026-06-02',
      result: 'starttls-not-supported',
    })
  })

  it('fails for what is wrong with the certificate', () => {
    expect(certificateResult('ERR_TLS_CERT_ALTNAME_INVALID')).toBe('certificate-host-mismatch')
    expect(certificateResult('CERT_HAS_EXPIRED')).toBe('certificate-expired')
    expect(certificateResult('DEPTH_ZERO_SELF_SIGNED_CERT')).toBe('certificate-not-trusted')
    expect(certificateResult('ERR_SSL_WRONG_VERSION_NUMBER')).toBe('validation-failure')
  })

  it('is under the policy that held', () => {
    const policy = { mode: 'testing' as const, mx: [], maxAgeSeconds: 1 }
    expect(policyTypeOf(true, policy)).toBe('tlsa')
    expect(policyTypeOf(false, policy)).toBe('sts')
    expect(policyTypeOf(false, { ...policy, mode: 'none' })).toBe('no-policy-found')
    expect(policyTypeOf(false, null)).toBe('no-policy-found')
  })
})

describe('O28 reports', () => {
  it('go where the domain wants them', () => {
    expect(tlsRptAddresses([['v=TLSRPTv1; rua=mailto:tls@example.com,', 'https://example.com/v1/tls']])).toEqual([
      'mailto:tls@example.com',
      'https://example.com/v1/tls',
    ])
    expect(tlsRptAddresses([['v=TLSRPTv1;ext=1;rua=mailto:tls@example.com']])).toEqual(['mailto:tls@example.com'])
  })

  it('go nowhere else', () => {
    expect(tlsRptAddresses([])).toEqual([])
    expect(tlsRptAddresses([['v=TLSRPTv1;']])).toEqual([])
    expect(tlsRptAddresses([['v=TLSRPTv2; rua=mailto:a@example.com']])).toEqual([])
    expect(tlsRptAddresses([['v=TLSRPTv1; rua=http://example.com/,ftp://x,mailto:nobody']])).toEqual([])
    expect(tlsRptAddresses([['v=TLSRPTv1; rua=mailto:a@b.example'], ['v=TLSRPTv1; rua=mailto:c@d.example']])).toEqual(
      [],
    )
    const many = Array.from({ length: 9 }, (_, index) => `mailto:a${index}@example.com`)
    expect(tlsRptAddresses([[`v=TLSRPTv1; rua=${many.join(',')}`]])).toHaveLength(5)
  })
})
