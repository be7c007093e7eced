import type { Db } from '@mairust/db'
import { findMailboxIds } from '@mairust/db/queries/mailbox'
import { scopeOf, type ServiceContext } from '../../context.ts'

/** The mailboxes whose mail the actor reads and changes as its own, without an audit entry. */
export const ownMailboxIds = async (db: Db, ctx: Pick<ServiceContext, 'actor'>): Promise<string[]> => {
  const { mailOwnerId } = ctx.actor
  return mailOwnerId === null ? [] : findMailboxIds(db, scopeOf(ctx), { userId: mailOwnerId })
}
