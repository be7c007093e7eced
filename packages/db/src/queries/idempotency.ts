import { and, desc, eq, isNotNull, isNull, lt, lte, or } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'
import { lockRow, updateRow } from './row.ts'
import { own, type TenantScope } from './scope.ts'

/** A request with an Idempotency-Key, as stored. */
export type IdempotencyRow = Tables['idempotencyKeys']['$inferSelect']

type Claim = Pick<IdempotencyRow, 'id' | 'request' | 'lease' | 'leasedUntil' | 'expiresAt'> & { owner: string }

/**
 * Claims a key for a request. Null on success: it was free, expired, or abandoned by the same request; else the row of its holder.
 */
export async function claimIdempotencyKey(
  db: Db,
  scope: TenantScope,
  claim: Claim,
  now: Date,
): Promise<IdempotencyRow | null> {
  return db.transaction(async (tx) => {
    const { idempotencyKeys: k } = tx.tables
    const row = { ...claim, tenantId: scope.tenantId, madeId: null, answer: null }
    const made = await tx.insert(k).values(row).onConflictDoNothing().returning({ id: k.id })
    if (made.length > 0) return null
    const held = await lockRow(tx, k, scope, claim.id)
    // The holder released it meanwhile: it ran the same request, so the caller tries again.
    if (held === null) return { ...row, lease: '' }
    const isLeft = held.madeId === null && held.leasedUntil <= now && held.request === claim.request
    if (held.expiresAt > now && !isLeft) return held
    const { id, ...others } = claim
    await updateRow(tx, k, scope, id, { ...others, madeId: null, answer: null })
    return null
  })
}

/**
 * Records what the request created, in the same transaction. False when another run has taken over the key: then create nothing.
 */
export async function recordCreated(
  tx: Db,
  scope: TenantScope,
  { id, lease }: Pick<Claim, 'id' | 'lease'>,
  madeId: string,
): Promise<boolean> {
  const { idempotencyKeys: k } = tx.tables
  const rows = await tx
    .update(k)
    .set({ madeId })
    .where(and(own(k, scope, id), eq(k.lease, lease)))
    .returning({ id: k.id })
  return rows.length > 0
}

/** Stores the response for repeated requests. */
export async function storeAnswer(
  db: Db,
  scope: TenantScope,
  { id, lease }: Pick<Claim, 'id' | 'lease'>,
  answer: string,
): Promise<void> {
  const { idempotencyKeys: k } = db.tables
  await db
    .update(k)
    .set({ answer })
    .where(and(own(k, scope, id), eq(k.lease, lease)))
}

/** Releases a key after a request that created nothing. */
export async function releaseIdempotencyKey(
  db: Db,
  scope: TenantScope,
  { id, lease }: Pick<Claim, 'id' | 'lease'>,
): Promise<void> {
  const { idempotencyKeys: k } = db.tables
  await db.delete(k).where(and(own(k, scope, id), eq(k.lease, lease), isNull(k.madeId)))
}

/** Forgets the oldest keys of an owner beyond the last `most`, unless their requests are running. */
export async function trimIdempotencyKeys(
  db: Db,
  scope: TenantScope,
  { owner, most, now }: { owner: string; most: number; now: Date },
): Promise<void> {
  const { idempotencyKeys: k } = db.tables
  const theirs = and(eq(k.tenantId, scope.tenantId), eq(k.owner, owner))
  const newest = db.select({ at: k.expiresAt }).from(k).where(theirs).orderBy(desc(k.expiresAt))
  const [edge] = await newest.limit(1).offset(most - 1)
  if (edge === undefined) return
  const ended = or(isNotNull(k.answer), lte(k.leasedUntil, now))
  await db.delete(k).where(and(theirs, lt(k.expiresAt, edge.at), ended))
}

/** Removes expired keys of all tenants. Returns how many. */
export async function pruneIdempotencyKeys(db: Db, now: Date): Promise<number> {
  const { idempotencyKeys: k } = db.tables
  const rows = await db.delete(k).where(lte(k.expiresAt, now)).returning({ id: k.id })
  return rows.length
}
