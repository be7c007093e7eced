import { isPage } from '@mairust/api'
import { unstable_doesMiddlewareMatch as doesProxyMatch } from 'next/experimental/testing/server'
import { NextRequest } from 'next/server'
import { expect, test } from 'vitest'

import { config, proxy } from './proxy.ts'

const goesThrough = (path: string) => doesProxyMatch({ config, url: `http://localhost:8080${path}` })

test.each([
  '/',
  '/login',
  '/mail/a@example.com/inbox',
  '/m',
  '/m/x',
  '/m/x/',
  '/api',
  '/api/x',
  '/api/v1x',
  '/api/trpc',
  '/api/trpc/a/b',
  '/api/events/x',
  '/iconfoo',
  '/icon.svg/x',
  '/img-proxyfoo',
  '/favicon.ico',
])('%s is a page, or the one that says that there is none, and is counted', (path) => {
  expect(goesThrough(path)).toBe(true)
  expect(isPage(`${path}?a=/b`)).toBe(true)
})

test.each([
  '/api/v1',
  '/api/v1/messages/send',
  '/api/trpc/auth.me',
  '/api/trpc/auth.me,tags.list',
  '/api/events',
  '/api/health',
  '/m/msg_1/body',
  '/m/msg_1/cid/2',
  '/img-proxy/',
  '/img-proxy',
  '/icon.svg',
  '/_next/static/chunks/a.js',
])('%s bypasses the proxy, and is not counted as a page', (path) => {
  expect(goesThrough(path)).toBe(false)
  expect(isPage(`${path}?a=/b`)).toBe(false)
})

test('every page gets a policy with its own nonce, and learns the nonce', () => {
  const first = proxy(new NextRequest('http://localhost/'))
  const second = proxy(new NextRequest('http://localhost/'))
  const policy = first.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).toContain(`'nonce-${first.headers.get('x-middleware-request-x-nonce') ?? ''}'`)
  expect(policy).not.toBe(second.headers.get('content-security-policy'))
})
