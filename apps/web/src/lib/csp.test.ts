import { expect, test } from 'vitest'

import { contentSecurityPolicy } from './csp.ts'

test('scripts need the nonce, nothing loads from elsewhere, and no other site may frame the page', () => {
  const policy = contentSecurityPolicy('abc', false)
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/unsafe-eval|https?:|\*/)
  expect(contentSecurityPolicy('abc', true)).toContain("'unsafe-eval'")
})
