import { and, eq, isNull, lte } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'
import { lockRow, updateRow } from './row.ts'
import { own, type TenantScope } from './scope.ts'

/** A request with an Idempotency-Key, as stored. */
export type IdempotencyRow = Tables['idempotencyKeys']['$inferSelect']

type Claim = Pick<IdempotencyRow, 'id' | 'request' | 'lease' | 'leasedUntil' | 'expiresAt'>

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
    const { request, lease, leasedUntil, expiresAt } = claim
    await updateRow(tx, k, scope, claim.id, { request, lease, leasedUntil, expiresAt, madeId: null, answer: null })
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

/** Removes expired keys of all tenants. Returns how many. */
export async function pruneIdempotencyKeys(db: Db, now: Date): Promise<number> {
  const { idempotencyKeys: k } = db.tables
  const rows = await db.delete(k).where(lte(k.expiresAt, now)).returning({ id: k.id })
  return rows.length
}
