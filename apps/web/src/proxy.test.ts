import type { Api } from '@mairust/api'
import { unstable_doesMiddlewareMatch as doesProxyMatch } from 'next/experimental/testing/server'
import { NextRequest } from 'next/server'
import { expect, test } from 'vitest'

import { config, proxy } from './proxy.ts'
import { API, apiHolder } from './server/api-holder.ts'

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
])('%s is a page, or the one that says that there is none', (path) => {
  expect(goesThrough(path)).toBe(true)
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
])('%s bypasses the proxy', (path) => {
  expect(goesThrough(path)).toBe(false)
})

test('every page gets a policy with its own nonce, and learns the nonce', async () => {
  const first = await proxy(new NextRequest('http://localhost/'))
  const second = await proxy(new NextRequest('http://localhost/'))
  const policy = first.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).toContain(`'nonce-${first.headers.get('x-middleware-request-x-nonce') ?? ''}'`)
  expect(policy).not.toBe(second.headers.get('content-security-policy'))
})

test.each([
  ['', 'Too many requests. Wait a minute, then try again.\n'],
  ['ja', 'リクエストが多すぎます。 1 分ほど待ってから、もう一度お試しください。\n'],
])('a page beyond the limits is plain text with 429 and Retry-After: %s', async (language, sentence) => {
  const admitPage = () => Promise.resolve({ status: 429, retryAfter: 42 })
  apiHolder[API] = Promise.resolve({ admitPage } as unknown as Api)
  const answer = await proxy(new NextRequest('http://localhost/', { headers: { 'accept-language': language } }))
  apiHolder[API] = undefined
  expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([429, '42', sentence])
})
