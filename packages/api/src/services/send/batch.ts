import { verb } from '../../verb/index.ts'
import type { ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { sendOne } from './send.ts'
import { NOT_AUDITED, sendBatchInput, sentBatchSchema } from './schemas.ts'

/**
 * Sends messages one after the other, each in a transaction of its own: one that cannot be sent keeps none of the others back.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR when one is malformed
 */
export const sendBatch = verb({
  permission: 'message:send',
  input: sendBatchInput,
  output: sentBatchSchema,
  audit: NOT_AUDITED,
  run: async (ctx, { messages }, commit) => {
    const results = []
    for (const message of messages) {
      const result = await sendOne(ctx, message, commit).then(
        (sent) => ({ message: sent, error: null }),
        (thrown: unknown) => {
          const { code, message: text, details } = thrown instanceof AppError ? thrown : unexpected(ctx, thrown)
          return { message: null, error: { code, message: text, details: [...details] } }
        },
      )
      results.push(result)
    }
    return { sent: results.filter(({ error }) => error === null).length, results }
  },
})

const unexpected = ({ log, requestId }: ServiceContext, err: unknown): AppError => {
  log.error({ err, request_id: requestId }, 'A message of a batch could not be sent')
  return new AppError('INTERNAL_ERROR', 'Something went wrong on the server. Look up the request id in its log.')
}
