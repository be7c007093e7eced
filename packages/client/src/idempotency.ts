import { CREATING_PROCEDURES } from '@mairust/api/contract'
import type { OperationContext, TRPCProcedureOptions } from '@trpc/client'
import { MaiRustError } from './error.ts'

export const IDEMPOTENCY_KEY = 'Idempotency-Key'
const KEY = /^[\x21-\x7e]{1,255}$/

const creating: ReadonlySet<string> = new Set(CREATING_PROCEDURES)

/**
 * Options of a call that makes something, with a key of your own: the same key makes the same thing once, also when your program
 * was started anew in between.
 */
export const withIdempotencyKey = (key: string): TRPCProcedureOptions => ({ context: { idempotencyKey: key } })

/**
 * The key of a call: the caller's, a new one where something is made, or none.
 * @throws MaiRustError INVALID_REQUEST for a key that the server would refuse or ignore
 */
export const keyOf = ({ path, context }: { path: string; context: OperationContext }): string | null => {
  const given = context['idempotencyKey']
  if (given === undefined) return creating.has(path) ? crypto.randomUUID() : null
  if (!creating.has(path)) {
    throw new MaiRustError('INVALID_REQUEST', `${path} makes nothing new and takes no Idempotency-Key; leave it out.`)
  }
  if (typeof given !== 'string' || !KEY.test(given)) {
    throw new MaiRustError('INVALID_REQUEST', 'The Idempotency-Key must have 1 to 255 visible ASCII characters.')
  }
  return given
}
