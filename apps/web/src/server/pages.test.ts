import { AppError } from '@mairust/api'
import { afterEach, expect, test } from 'vitest'

import { API, apiHolder } from './api-holder.ts'
import { pageSource } from './pages.ts'

afterEach(() => {
  apiHolder[API] = undefined
})

const asked = (headers: Record<string, string>) => new Request('http://localhost/', { headers })

test.each([
  [{}, 'RATE_LIMITED', 429, 'Too many requests. Wait a minute, then try again.\n'],
  [
    { 'accept-language': 'ja' },
    'RATE_LIMITED',
    429,
    'リクエストが多すぎます。 1 分ほど待ってから、もう一度お試しください。\n',
  ],
  [
    { 'accept-language': 'ja', cookie: 'a=b; mairust_locale=en' },
    'UNAVAILABLE',
    503,
    'The server is busy. Try again in a few seconds.\n',
  ],
  [
    {},
    'INVALID_REQUEST',
    400,
    'The address of this page is too long. Shorten it, for instance by searching for less.\n',
  ],
] as const)('a refused page is plain text in its reader’s language: %j %s', async (headers, code, status, sentence) => {
  const answer = pageSource.refusal(asked(headers), new AppError(code, 'No.', { retryAfter: 42 }))
  expect([answer.status, answer.headers.get('retry-after'), await answer.text()]).toEqual([status, '42', sentence])
})

test('a page is not refused while the API is not open', async () => {
  expect(await pageSource.admit(asked({}))).toBeNull()
})
