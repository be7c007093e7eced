import { TRPCClientError } from '@trpc/client'
import { expect, test } from 'vitest'

import { failureOf } from './failure.ts'

const answered = (data: unknown) => new TRPCClientError('No.', { result: { error: { data } } as never })

test('an error of the API', () => {
  expect(
    failureOf(
      answered({
        code: 'VALIDATION_ERROR',
        request_id: 'req_1',
        details: [{ field: 'email', reason: 'is taken' }, null, { field: 1 }],
      }),
    ),
  ).toEqual({
    code: 'VALIDATION_ERROR',
    message: 'No.',
    requestId: 'req_1',
    fields: { email: 'is taken' },
  })
})

test('an unknown code is an internal error, and a missing answer means offline', () => {
  expect(failureOf(answered({ code: 'TEAPOT' })).code).toBe('INTERNAL_ERROR')
  expect(failureOf(new TypeError('fetch failed')).code).toBe('OFFLINE')
  expect(failureOf('thrown').code).toBe('OFFLINE')
})
