import { createNews, silentLog } from '@mairust/log'
import { expect, it, vi } from 'vitest'
import { AppError } from '../errors.ts'
import { logFailure } from './errors.ts'

it('errors of the server are logged each time, and requests to be tried again once a minute for each reason', () => {
  let now = 0
  const error = vi.fn()
  const runtime = { log: { ...silentLog, error }, unavailable: createNews(() => now) }
  const fail = (thrown: unknown, times = 20): number => {
    error.mockClear()
    for (let at = 0; at < times; at += 1) logFailure(runtime, thrown, { request_id: `req_${at}` })
    return error.mock.calls.length
  }
  const busy = new AppError('UNAVAILABLE', 'You are sending too many changes at once. Try again.')
  expect(fail(new TypeError('no'))).toBe(20)
  expect(fail(busy)).toBe(1)
  expect(fail(new AppError('UNAVAILABLE', 'The disk of the server is full.'))).toBe(1)
  expect(fail(new AppError('NOT_FOUND', 'There is no such message.'))).toBe(0)
  now = 60_000
  expect(fail(busy)).toBe(1)
  expect(error.mock.calls[0]?.[0]).toMatchObject({ request_id: 'req_0', reason: busy.message })
})
