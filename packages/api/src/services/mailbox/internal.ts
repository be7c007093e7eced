import type { Db } from '@mairust/db'
import { findMailbox, findOwners, lockMailbox, type MailboxRow } from '@mairust/db/queries/mailbox'
import { lockUser } from '@mairust/db/queries/user'
import { accessScope, canSeeDomain, canSeeMailbox, requireRole, scopeHoldsUser } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, invalidField, notFound, orNotFound } from '../../errors.ts'
import { wireTime, type Columns } from '../../wire/index.ts'
import { requireManaged } from '../user/managed.ts'
import type { MailboxFields, MailboxWire } from './schemas.ts'

const MB = 1_048_576

/** A quota in MB, from the wire, as bytes; null stays null. */
export const toQuotaBytes = (megabytes: number | null): number | null => (megabytes === null ? null : megabytes * MB)

/** The one place where a mailbox's row becomes its wire form. */
export const toMailboxWire = (row: MailboxRow): MailboxWire => ({
  id: row.id,
  address: row.address,
  display_name: row.displayName,
  domain_id: row.domainId,
  user_id: row.userId,
  quota_bytes: row.quotaBytes,
  used_bytes: row.usedBytes,
  created_at: wireTime(row.createdAt),
})

/** The columns that are stored as given, for a new mailbox and for a change. */
export const toColumns = (given: MailboxFields): Columns<MailboxRow, MailboxFields, 'address' | 'quota_mb'> => ({
  userId: given.user_id,
  displayName: given.display_name,
})

/**
 * Finds a mailbox for which the actor has the permission.
 * @throws AppError NOT_FOUND
 */
export const requireMailbox = async (
  db: Db,
  ctx: ServiceContext,
  permission: 'mailbox:read' | 'mailbox:write',
  id: string,
  find = findMailbox,
): Promise<MailboxRow> =>
  orNotFound(canSeeMailbox(ctx, permission, id) ? await find(db, scopeOf(ctx), id) : null, 'mailbox')

/**
 * Finds a mailbox the actor may change or remove, and locks it until the end of the transaction. Owning the mailbox is not enough: the
 * actor must manage its domain and its owner.
 * @throws AppError NOT_FOUND, FORBIDDEN
 */
export const lockManagedMailbox = async (tx: Db, ctx: ServiceContext, id: string): Promise<MailboxRow> => {
  const row = await requireMailbox(tx, ctx, 'mailbox:write', id, lockMailbox)
  if (!canSeeDomain(ctx, 'mailbox:write', row.domainId)) throw notFound('mailbox')
  // Checked again under the lock: the owner, or the owner's role, may have changed since the actor's scope was read.
  for (const owner of await findOwners(tx, scopeOf(ctx), [id])) await requireManaged(tx, ctx, owner)
  return row
}

const CONTENT = ['message:read', 'message:write', 'message:send'] as const

/**
 * Refuses a change that opens a mailbox to others when the actor may not read, change and send its mail itself: a new owner, no owner
 * any more (administrators of a lower role see it then), and a new address (administrators of another domain, and keys narrowed to
 * that address, see it then). A mailbox without an owner and without mail has nothing to open.
 * @throws AppError FORBIDDEN
 */
export const requireContent = (
  ctx: ServiceContext,
  before: MailboxRow,
  {
    userId = before.userId,
    address = before.address,
  }: { userId?: string | null | undefined; address?: string | undefined },
): void => {
  if (userId === before.userId && address === before.address) return
  if (before.userId === null && before.usedBytes === 0) return
  const missing = CONTENT.filter((permission) => !canSeeMailbox(ctx, permission, before.id))
  if (missing.length === 0) return
  throw new AppError(
    'FORBIDDEN',
    `To change whose mailbox it is, or its address, you need ${missing.join(', ')} for it.`,
  )
}

/**
 * Refuses an owner who does not exist, whom the actor does not manage, or whose role is higher than the actor's, and keeps the owner
 * from being removed until the end of the transaction. To avoid deadlocks, lock the owner first, then the domain, then the mailbox.
 * @throws AppError VALIDATION_ERROR, FORBIDDEN
 */
export const requireOwner = async (tx: Db, ctx: ServiceContext, userId: string | null | undefined): Promise<void> => {
  if (userId === null || userId === undefined) return
  const owner = await lockUser(tx, scopeOf(ctx), userId)
  if (owner === null || !scopeHoldsUser(accessScope(ctx, 'mailbox:write'), owner.email)) {
    throw invalidField('user_id', 'is not one of your users')
  }
  requireRole(ctx, owner.role)
}
