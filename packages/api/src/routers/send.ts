import { send, sendBatch } from '../services/send/index.ts'
import { t } from '../trpc/init.ts'
import { mutation } from '../trpc/procedures.ts'

const tag = 'Sending'

export const sendRouter = t.router({
  message: mutation(send, {
    method: 'POST',
    path: '/send',
    tag,
    summary: 'Send a message',
    description:
      'Either in parts, which are composed, or as it is in `raw`. Recipients here have it at once; the others are in the queue, ' +
      'each with its delivery. If one recipient cannot get it, nothing is sent, and the answer names who and why. With an ' +
      '`Idempotency-Key`, a repeated request sends nothing and gets the first answer. To try what your program does with failures, ' +
      'send to `bounce@`, `defer@` or `complain@` of the domain `outbound.test_domain`.',
    status: 202,
    bodyLimit: 'message',
  }),

  batch: mutation(sendBatch, {
    method: 'POST',
    path: '/send/batch',
    tag,
    summary: 'Send up to 100 messages',
    description: 'One that cannot be sent keeps none of the others back: `results` has what became of each.',
    status: 202,
    bodyLimit: 'message',
  }),
})
