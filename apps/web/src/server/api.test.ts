import { afterEach, expect, test } from 'vitest'

import { routeTo } from './api.ts'
import { API, apiHolder } from './api-holder.ts'

afterEach(() => {
  apiHolder[API] = undefined
})

const ROUTES = ['rest', 'trpc', 'events', 'health', 'render', 'imageProxy'] as const

/** Makes each route answer with a body that knows whether it is still open. */
const answerAll = (): { isOpen: () => boolean } => {
  let open = false
  const answer = () => {
    open = true
    const body = new ReadableStream({ cancel: () => void (open = false) })
    const headers = { 'Content-Length': '9', 'Set-Cookie': 'a=b' }
    return Promise.resolve(new Response(body, { status: 206, headers }))
  }
  // Cast: the routes use nothing else of the API.
  const handlers = Object.fromEntries(ROUTES.map((name) => [name, answer])) as unknown
  apiHolder[API] = Promise.resolve(handlers) as NonNullable<(typeof apiHolder)[typeof API]>
  return { isOpen: () => open }
}

test.each(ROUTES)('HEAD on %s cancels the body and keeps the headers', async (name) => {
  const { isOpen } = answerAll()
  const { status, headers, body } = await routeTo(name)(new Request('http://localhost/', { method: 'HEAD' }))
  expect(isOpen()).toBe(false)
  expect(body).toBeNull()
  expect([status, headers.get('x-mairust-content-length'), headers.get('set-cookie')]).toEqual([206, '9', 'a=b'])
})

test('GET keeps the body', async () => {
  const { isOpen } = answerAll()
  const { body } = await routeTo('rest')(new Request('http://localhost/'))
  expect(isOpen()).toBe(true)
  expect(body).not.toBeNull()
})
