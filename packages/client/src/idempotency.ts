import { CREATING_PROCEDURES } from '@mairust/api/contract'
import type { OperationContext, TRPCProcedureOptions } from '@trpc/client'
import { MaiRustError } from './error.ts'

export const IDEMPOTENCY_KEY = 'Idempotency-Key'
const KEY = /^[\x21-\x7e]{1,255}$/

const creating: ReadonlySet<string> = new Set(CREATING_PROCEDURES)

/**
 * Options that give a creating call an idempotency key of your own: calls with the same key create one thing, even if your program
 * restarts in between.
 */
export const withIdempotencyKey = (key: string): TRPCProcedureOptions => ({ context: { idempotencyKey: key } })

/**
 * The idempotency key of a call: the caller's, a new one if the call creates something, or else null.
 * @throws MaiRustError INVALID_REQUEST for a key that the server would refuse or ignore
 */
export const keyOf = ({ path, context }: { path: string; context: OperationContext }): string | null => {
  const given = context['idempotencyKey']
  if (given === undefined) return creating.has(path) ? crypto.randomUUID() : null
  if (!creating.has(path)) {
    throw new MaiRustError('INVALID_REQUEST', `${path} creates nothing, so it takes no Idempotency-Key; leave it out.`)
  }
  if (typeof given !== 'string' || !KEY.test(given)) {
    throw new MaiRustError('INVALID_REQUEST', 'The Idempotency-Key must have 1 to 255 visible ASCII characters.')
  }
  return given
}
