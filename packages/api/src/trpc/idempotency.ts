import { randomBytes } from 'node:crypto'
import { claimIdempotencyKey, storeAnswer, recordCreated, releaseIdempotencyKey } from '@mairust/db/queries/idempotency'
import { seal, unseal } from '../auth/seal.ts'
import { scopeOf, type ChangeWitness, type ServiceContext } from '../context.ts'
import { AppError, invalidField } from '../errors.ts'
import { hashOf } from '../wire/canonical.ts'

/** The name of the header. */
export const IDEMPOTENCY_KEY = 'idempotency-key'

/** How long a key is remembered. */
const LIFE_MS = 24 * 60 * 60_000
/** How long a request may run before another may take its place; what it makes after that is undone. */
const LEASE_MS = 60_000
const KEY = /^[\x21-\x7e]{1,255}$/

const busy = (): AppError =>
  new AppError('CONFLICT', 'A request with this Idempotency-Key is running. Ask again in a moment.', { retryAfter: 1 })

/**
 * Runs a request that makes something once for each Idempotency-Key of an actor, whatever happens in between: what it made is noted in
 * the transaction that makes it, and a run that lost its lease is undone there.
 * @param request what is asked; the same key with something else is refused
 * @param run makes it, with a witness of its changes
 * @returns the answer, and whether it is one of before
 * @throws AppError VALIDATION_ERROR for a malformed key, CONFLICT
 */
export const runOnce = async <Result extends { ok: true; data: unknown } | { ok: false }>(
  ctx: ServiceContext,
  { key, request }: { key: string; request: unknown },
  run: (witness: ChangeWitness) => Promise<Result>,
): Promise<{ replayed: true; data: unknown } | { replayed: false; result: Result }> => {
  if (!KEY.test(key)) throw invalidField('Idempotency-Key', 'must have 1 to 255 visible ASCII characters')
  const { actor } = ctx
  // A person is the same in each of their sessions.
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
      ctx.log.error({ err, request_id: ctx.requestId }, 'The answer to a request with an Idempotency-Key was not kept')
    })
  } else {
    // Where this fails too, the lease ends.
    await releaseIdempotencyKey(ctx.db, scopeOf(ctx), claim).catch(() => undefined)
  }
  return { replayed: false, result }
}
