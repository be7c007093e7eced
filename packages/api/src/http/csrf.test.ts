import { describe, expect, it } from 'vitest'
import { requireSameOrigin } from './csrf.ts'

const accepts = (publicUrl: string, headers: Record<string, string>): boolean => {
  const request = new Request('http://localhost:8080/api/v1/tags', { method: 'POST', headers })
  try {
    requireSameOrigin(request, publicUrl)
    return true
  } catch {
    return false
  }
}

describe('1.10: the origin of a change is compared by scheme, host and port', () => {
  it.each([
    ['https://mail.example', 'https://mail.example', 'mail.example', true],
    ['https://mail.example', 'https://MAIL.example:443', 'mail.example', true],
    ['https://mail.example', 'http://mail.example', 'mail.example', false],
    ['https://mail.example', 'https://mail.example:8443', 'mail.example', false],
    ['https://mail.example', 'https://mail.example:8443', 'mail.example:8443', false],
    ['https://mail.example', 'https://evil.example', 'evil.example', false],
    ['https://mail.example', 'http://localhost:8080', 'localhost:8080', true],
    ['https://mail.example', 'https://mail.example', '10.0.0.7:8080', true],
    ['http://localhost:8080', 'http://192.0.2.7:8080', '192.0.2.7:8080', true],
    ['http://localhost:8080', 'https://192.0.2.7:8080', '192.0.2.7:8080', false],
    ['http://localhost:8080', 'http://192.0.2.7:9090', '192.0.2.7:8080', false],
    ['http://localhost:8080', 'http://127.0.0.1:3000', '127.0.0.1:8080', false],
    ['http://localhost:8080', 'null', 'localhost:8080', false],
    ['http://localhost:8080', 'file://', 'localhost:8080', false],
  ])('of %s: %s asking %s', (publicUrl, origin, host, accepted) => {
    expect(accepts(publicUrl, { origin, host })).toBe(accepted)
  })

  it('is vouched for by Sec-Fetch-Site if the browser sends no Origin', () => {
    expect(accepts('https://mail.example', { 'sec-fetch-site': 'same-origin' })).toBe(true)
    expect(accepts('https://mail.example', { 'sec-fetch-site': 'same-site' })).toBe(false)
    expect(accepts('https://mail.example', {})).toBe(false)
  })
})
