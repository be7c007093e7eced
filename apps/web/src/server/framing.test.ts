import { expect, test } from 'vitest'

import { keepFraming } from './framing.ts'

test('length and encoding of a body get names that Next passes on', () => {
  const { headers } = keepFraming(new Response('x', { headers: { 'Content-Encoding': 'gzip', 'Content-Length': '1' } }))
  expect(headers.get('x-mairust-content-encoding')).toBe('gzip')
  expect(headers.get('x-mairust-content-length')).toBe('1')
  expect(headers.get('cache-control')).toBeNull()
})

test('a response with ranges is not compressed', () => {
  const { headers } = keepFraming(
    new Response('x', { headers: { 'Accept-Ranges': 'bytes', 'Cache-Control': 'no-store' } }),
  )
  expect(headers.get('cache-control')).toBe('no-store, no-transform')
  expect(headers.has('x-mairust-content-length')).toBe(false)
})
