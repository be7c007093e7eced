import { describe, expect, it } from 'vitest'
import { clientAddress } from './client.ts'

const seen = (ip: string, forwarded: string | null, proxies: string[] = ['10.0.0.0/8', '::1/128']) => {
  const headers = new Headers(forwarded === null ? {} : { 'x-forwarded-for': forwarded })
  return clientAddress(new Request('http://mail.example/', { headers }), { ip }, proxies)
}

describe('the address of a client', () => {
  it('is the socket’s, whatever an untrusted client says', () => {
    expect(seen('192.0.2.1', '198.51.100.9')).toBe('192.0.2.1')
    expect(seen('10.0.0.1', '198.51.100.9', [])).toBe('10.0.0.1')
  })

  it('is what the nearest trusted proxy saw, not what the client claims before it', () => {
    expect(seen('10.0.0.1', '203.0.113.7, 198.51.100.9')).toBe('198.51.100.9')
    expect(seen('::1', '203.0.113.7, 198.51.100.9, 10.0.0.2')).toBe('198.51.100.9')
  })

  it('is written in one canonical way', () => {
    expect(seen('::ffff:192.0.2.1', null)).toBe('192.0.2.1')
    expect(seen('::ffff:10.0.0.1', '::ffff:198.51.100.9')).toBe('198.51.100.9')
    expect(seen('10.0.0.1', '2001:DB8:0::9')).toBe('2001:db8::9')
  })

  it('is the proxy’s own if its header is unusable', () => {
    expect(seen('10.0.0.1', null)).toBe('10.0.0.1')
    expect(seen('10.0.0.1', '')).toBe('10.0.0.1')
    expect(seen('10.0.0.1', 'unknown')).toBe('10.0.0.1')
    expect(seen('10.0.0.1', '10.0.0.3')).toBe('10.0.0.3')
  })
})
