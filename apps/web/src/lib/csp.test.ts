import { expect, test } from 'vitest'

import { contentSecurityPolicy } from './csp.ts'

test('scripts run by nonce only, and nothing may be framed or loaded from elsewhere', () => {
  const policy = contentSecurityPolicy('abc', false)
  expect(policy).toContain("script-src 'self' 'nonce-abc' 'strict-dynamic';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toMatch(/unsafe-eval|https?:|\*/)
  expect(contentSecurityPolicy('abc', true)).toContain("'unsafe-eval'")
})
