import type { Caller } from '../http/caller.ts'
import { type AnswerLimits, createAnswerRoom } from '../http/answer-room.ts'
import { called } from './caller.ts'

export const KIB = 1024
/** Small limits of answers. */
export const LIMITS: AnswerLimits = {
  smallBytes: KIB,
  bytesOfParts: 100 * KIB,
  bytesPerCaller: 200 * KIB,
  bytesPerTenant: 500 * KIB,
  bytes: 800 * KIB,
  bytesForEachUser: 20 * KIB,
  pieceMs: 1000,
  bytesPerSecond: 200 * KIB,
  changesPerUser: 2,
  longChangesPerUser: 3,
  longChanges: 4,
  waitMs: 5000,
}
export const get = { method: 'GET' }
export const post = { method: 'POST' }
/** A change whose answer may be long. */
export const postDraft = { method: 'POST', isLongChange: true }
/** The error when there is no room. */
export const busy = { code: 'UNAVAILABLE', retryAfter: 5 }
export const caller = (name: string, tenant = 't'): Caller => called(`${tenant} ${name}`)

/** Asks for answers of a size, and counts how often one was made. */
export function bench(limits: Partial<AnswerLimits> = {}) {
  const room = createAnswerRoom({ ...LIMITS, ...limits })
  const made: string[] = []
  const ask = (
    who: string | Caller,
    size: number,
    request: { method: string; signal?: AbortSignal } = get,
  ): Promise<Response> => {
    const from = typeof who === 'string' ? caller(who) : who
    return room.run(from, request, ({ inTurn }) =>
      inTurn(() => {
        made.push(from.user)
        return Promise.resolve(new Response('x'.repeat(size), { status: 201, headers: { 'X-Kind': 'test' } }))
      }),
    )
  }
  return { ask, made, room }
}
