import { randomBytes } from 'node:crypto'
import { claimIdempotencyKey, storeAnswer, recordCreated, releaseIdempotencyKey } from '@mairust/db/queries/idempotency'
import { seal, unseal } from '../auth/seal.ts'
import { scopeOf, type ChangeWitness, type ServiceContext } from '../context.ts'
import { AppError, invalidField } from '../errors.ts'
import { hashOf } from '../wire/canonical.ts'

/** The name of the header field. */
export const IDEMPOTENCY_KEY = 'idempotency-key'

/** How long a key is stored. */
const LIFE_MS = 24 * 60 * 60_000
/** How long a request may run before a retry may replace it; after that, its change is rolled back. */
const LEASE_MS = 60_000
const KEY = /^[\x21-\x7e]{1,255}$/

const busy = (): AppError =>
  new AppError('CONFLICT', 'A request with this Idempotency-Key is running. Try again in a moment.', { retryAfter: 1 })

/**
 * Runs a creating request once for each Idempotency-Key of an actor, even across crashes: the transaction that creates something also
 * records it with the key, and is rolled back if the run has lost its lease.
 * @param request the content of the request; the same key with another content is refused
 * @param run creates it, with a witness of its changes
 * @returns the answer, and whether it is a stored one
 * @throws AppError VALIDATION_ERROR for a malformed key, CONFLICT
 */
export const runOnce = async <Result extends { ok: true; data: unknown } | { ok: false }>(
  ctx: ServiceContext,
  { key, request }: { key: string; request: unknown },
  run: (witness: ChangeWitness) => Promise<Result>,
): Promise<{ replayed: true; data: unknown } | { replayed: false; result: Result }> => {
  if (!KEY.test(key)) throw invalidField('Idempotency-Key', 'must have 1 to 255 visible ASCII characters')
  const { actor } = ctx
  // Keyed by user, not session: a retry may come from another session.
  const id = hashOf([actor.kind, actor.id, key])
  const now = ctx.now()
  const claim = {
    id,
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
      return { replayed: true, data: JSON.parse(unseal(sealKey, id, held.answer)) as unknown }
    }
    if (held.leasedUntil > now || held.madeId === null) throw busy()
    throw new AppError(
      'CONFLICT',
      `This request created ${held.madeId}, but its answer was lost. Look it up by that id.`,
    )
  }
  const result = await run(async (tx, { targetId }) => {
    if (targetId !== null && !(await recordCreated(tx, scopeOf(ctx), claim, targetId))) throw busy()
  })
  if (result.ok) {
    const answer = seal(sealKey, id, JSON.stringify(result.data))
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
