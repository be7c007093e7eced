import { randomBytes } from 'node:crypto'
import {
  claimIdempotencyKey,
  type IdempotencyRow,
  recordCreated,
  releaseIdempotencyKey,
  storeAnswer,
  trimIdempotencyKeys,
} from '@mairust/db/queries/idempotency'
import { seal, unseal } from '../auth/seal.ts'
import { scopeOf, type ChangeWitness, type ServiceContext } from '../context.ts'
import { AppError, invalidField } from '../errors.ts'
import { hashOf } from '../wire/canonical.ts'
import { toAppError } from './errors.ts'

/** The name of the header field. */
export const IDEMPOTENCY_KEY = 'idempotency-key'

/** How long a key is stored. */
const LIFE_MS = 24 * 60 * 60_000
/** How long a request may run before a retry may replace it; after that, its change is rolled back. */
const LEASE_MS = 60_000
/** Most keys of a user that are remembered: the last ones. */
const MAX_KEYS = 10_000
/** Most bytes of an answer that are kept: no quota counts them. */
const MAX_ANSWER = 65_536
const KEY = /^[\x21-\x7e]{1,255}$/

/** Reads by its id what a request created. */
export type Reread = (id: string) => Promise<unknown>

const busy = (): AppError =>
  new AppError('CONFLICT', 'A request with this Idempotency-Key is running. Try again in a moment.', { retryAfter: 1 })

/**
 * Runs a creating request once for each Idempotency-Key of an actor, even across crashes: the transaction that creates something also
 * records it with the key, and is rolled back if the run has lost its lease.
 * @param request the content of the request; the same key with another content is refused
 * @param reread reads what was created, where the answer may be large: then its id alone is kept, and a repeated request gets the
 * present state, or the id where it cannot be read any more
 * @param run creates it, with a witness of its changes
 * @returns the answer, and whether it is a stored one
 * @throws AppError VALIDATION_ERROR for a malformed key, CONFLICT
 */
export const runOnce = async <Result extends { ok: true; data: unknown } | { ok: false }>(
  ctx: ServiceContext,
  { key, request, reread }: { key: string; request: unknown; reread?: Reread | undefined },
  run: (witness: ChangeWitness) => Promise<Result>,
): Promise<{ replayed: true; data: unknown } | { replayed: false; result: Result }> => {
  if (!KEY.test(key)) throw invalidField('Idempotency-Key', 'must have 1 to 255 visible ASCII characters')
  const { actor } = ctx
  // Keyed by user, not session: a retry may come from another session.
  const id = hashOf([actor.kind, actor.id, key])
  const now = ctx.now()
  const claim = {
    id,
    owner: actor.userId ?? actor.name,
    request: hashOf(request),
    lease: randomBytes(12).toString('base64url'),
    leasedUntil: new Date(now.getTime() + LEASE_MS),
    expiresAt: new Date(now.getTime() + LIFE_MS),
  }
  const sealKey = ctx.keys.derive('idempotency-answer')
  const held = await claimIdempotencyKey(ctx.db, scopeOf(ctx), claim, now)
  if (held !== null) {
    if (held.request !== claim.request) {
      throw new AppError(
        'CONFLICT',
        'This Idempotency-Key was used for another request. Use a new key for each request.',
      )
    }
    if (held.answer !== null) {
      const kept: unknown = JSON.parse(unseal(sealKey, id, held.answer))
      return { replayed: true, data: await replayed(held, kept, reread) }
    }
    if (held.leasedUntil > now || held.madeId === null) throw busy()
    throw new AppError(
      'CONFLICT',
      `This request created ${held.madeId}, but its answer was lost. Look it up by that id.`,
    )
  }
  await trimIdempotencyKeys(ctx.db, scopeOf(ctx), { owner: claim.owner, most: MAX_KEYS, now }).catch((err: unknown) => {
    ctx.log.error({ err, request_id: ctx.requestId }, 'The oldest Idempotency-Keys could not be forgotten')
  })
  const made: { id: string | null } = { id: null }
  const result = await run(async (tx, { targetId }) => {
    if (targetId !== null && !(await recordCreated(tx, scopeOf(ctx), claim, targetId))) throw busy()
    made.id = targetId
  })
  if (result.ok) {
    const isKept =
      made.id === null || (reread === undefined && Buffer.byteLength(JSON.stringify(result.data)) <= MAX_ANSWER)
    const answer = seal(sealKey, id, JSON.stringify(isKept ? result.data : { data: { id: made.id } }))
    await storeAnswer(ctx.db, scopeOf(ctx), claim, answer).catch((err: unknown) => {
      ctx.log.error(
        { err, request_id: ctx.requestId },
        'The answer to a request with an Idempotency-Key could not be stored',
      )
    })
  } else {
    // If this fails too, the lease expires.
    await releaseIdempotencyKey(ctx.db, scopeOf(ctx), claim).catch(() => undefined)
  }
  return { replayed: false, result }
}

/** What a repeated request gets: what was created as it is now, or what was kept. */
const replayed = async ({ madeId }: IdempotencyRow, kept: unknown, reread: Reread | undefined): Promise<unknown> => {
  if (reread === undefined || madeId === null) return kept
  try {
    return { data: await reread(madeId) }
  } catch (thrown) {
    const { code } = toAppError(thrown)
    if (code === 'NOT_FOUND' || code === 'FORBIDDEN') return { data: { id: madeId } }
    throw thrown
  }
}
