import type { Db } from '@mairust/db'
import { findMailbox, lockMailbox, type MailboxRow } from '@mairust/db/queries/mailbox'
import { lockUser } from '@mairust/db/queries/user'
import { canSeeDomain, canSeeMailbox } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { invalidField, notFound, orNotFound } from '../../errors.ts'
import { wireTime } from '../../wire/index.ts'
import { findVisibleUser } from '../user/internal.ts'
import type { MailboxWire } from './schemas.ts'

const MB = 1_048_576

/** Megabytes of the wire in bytes; null stays null. */
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

/**
 * Finds a mailbox the actor may see.
 * @throws AppError NOT_FOUND
 */
export const requireMailbox = async (
  db: Db,
  ctx: ServiceContext,
  id: string,
  find = findMailbox,
): Promise<MailboxRow> => orNotFound(canSeeMailbox(ctx, id) ? await find(db, scopeOf(ctx), id) : null, 'mailbox')

/**
 * Finds a mailbox the actor may change or remove, and locks it until the end of the transaction: seeing one's own mail is not
 * enough, its domain must be theirs.
 * @throws AppError NOT_FOUND
 */
export const lockManagedMailbox = async (tx: Db, ctx: ServiceContext, id: string): Promise<MailboxRow> => {
  const row = await requireMailbox(tx, ctx, id, lockMailbox)
  if (!canSeeDomain(ctx, row.domainId)) throw notFound('mailbox')
  return row
}

/**
 * Refuses an owner that does not exist or that the actor does not manage, and keeps the owner from being removed until the end of
 * the transaction. Whoever locks more locks the owner first, then the domain, then the mailbox: so two never wait for each other.
 * @throws AppError VALIDATION_ERROR
 */
export const requireOwner = async (tx: Db, ctx: ServiceContext, userId: string | null | undefined): Promise<void> => {
  if (userId === null || userId === undefined) return
  const owner = await findVisibleUser(tx, ctx, userId, lockUser)
  if (owner === null) throw invalidField('user_id', 'is not a user of yours')
}
