import type { Db } from '@mairust/db'
import { findTag, type TagOwner, type TagRow } from '@mairust/db/queries/tag'
import { findMailboxIdsOfTagOwner, findTagOwners } from '@mairust/db/queries/tag-owner'
import { canSeeMailbox } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, invalidField, notFound, orNotFound } from '../../errors.ts'
import { requireMailboxId } from '../message/internal.ts'

type TagPermission = 'tag:read' | 'tag:write'

/**
 * The owner of the tags that a request is about: the owner of the given mailbox, otherwise the actor. All mailboxes of an owner share
 * the owner's tags, so access to one of them is enough to see the tags.
 * @throws AppError NOT_FOUND for the mailbox, VALIDATION_ERROR without a mailbox if the actor has no tags of their own
 */
export const requireTagOwner = async (
  ctx: ServiceContext,
  permission: TagPermission,
  mailbox: string | undefined,
): Promise<TagOwner> => {
  const scope = scopeOf(ctx)
  if (mailbox !== undefined) {
    const id = await requireMailboxId(ctx, mailbox, permission)
    // The mailbox may have been removed meanwhile.
    return { ...scope, ownerId: orNotFound((await findTagOwners(ctx.db, scope, [id])).get(id), 'mailbox') }
  }
  const { userId } = ctx.actor
  const own = userId === null ? null : { ...scope, ownerId: userId }
  if (own === null || (await tagAccess(ctx.db, ctx, permission, own)) === 'none') {
    throw invalidField('mailbox', 'is required here: give the id or address of the mailbox whose tags you mean')
  }
  return own
}

/**
 * Finds a tag. `tag:read` requires the permission for one of its owner's mailboxes, `tag:write` for all of them.
 * @throws AppError NOT_FOUND, FORBIDDEN if the actor has `tag:write` for only some of the mailboxes
 */
export const requireTag = async (
  db: Db,
  ctx: ServiceContext,
  permission: TagPermission,
  id: string,
  find = findTag,
): Promise<TagRow> => {
  const tag = orNotFound(await find(db, scopeOf(ctx), id), 'tag')
  const access = await tagAccess(db, ctx, permission, { ...scopeOf(ctx), ownerId: tag.ownerId })
  if (access === 'none') throw notFound('tag')
  if (access === 'some' && permission === 'tag:write') {
    throw new AppError('FORBIDDEN', 'The owner of this tag also uses it in mailboxes that you may not change.')
  }
  return tag
}

/** For how many of the mailboxes that share an owner's tags the actor has the permission. */
export const tagAccess = async (
  db: Db,
  ctx: ServiceContext,
  permission: TagPermission,
  owner: TagOwner,
): Promise<'all' | 'some' | 'none'> => {
  const sharing = await findMailboxIdsOfTagOwner(db, owner)
  // A user without a mailbox may prepare tags for a later one.
  if (sharing.length === 0) return owner.ownerId === ctx.actor.userId ? 'all' : 'none'
  const permitted = sharing.filter((id) => canSeeMailbox(ctx, permission, id))
  return permitted.length === sharing.length ? 'all' : permitted.length > 0 ? 'some' : 'none'
}
