import { tenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import { findTag, type TagOwner, type TagRow } from '@mairust/db/queries/tag'
import { findMailboxIdsOfTagOwner, findTagOwners } from '@mairust/db/queries/tag-owner'
import { canSeeMailbox } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, invalidField, notFound, orNotFound } from '../../errors.ts'
import { requireMailboxId } from '../message/internal.ts'

type TagPermission = 'tag:read' | 'tag:write'

/**
 * Whose tags a request is about: those of a mailbox's owner, or without one the actor's own. The mailboxes of one owner share their tags,
 * so that who holds one of them may know the tags.
 * @throws AppError NOT_FOUND for the mailbox, VALIDATION_ERROR when none is named by who has no tags of their own
 */
export const requireTagOwner = async (
  ctx: ServiceContext,
  permission: TagPermission,
  mailbox: string | undefined,
): Promise<TagOwner> => {
  const scope = scopeOf(ctx)
  if (mailbox !== undefined) {
    const id = await requireMailboxId(ctx, mailbox, permission)
    // Somebody else may have removed it meanwhile.
    return { ...scope, ownerId: orNotFound((await findTagOwners(ctx.db, scope, [id])).get(id), 'mailbox') }
  }
  const { userId } = ctx.actor
  const own = userId === null ? null : { ...scope, ownerId: userId }
  if (own === null || (await reachOf(ctx.db, ctx, permission, own)) === 'nothing') {
    throw invalidField('mailbox', 'is required here: give the id or address of the mailbox whose tags you mean')
  }
  return own
}

/**
 * A tag of an owner whose mail the actor may read (`tag:read`), or change in all mailboxes that share the tag (`tag:write`).
 * @throws AppError NOT_FOUND, FORBIDDEN when the tag is on mail that is not the actor's to change as well
 */
export const requireTag = async (
  db: Db,
  ctx: ServiceContext,
  permission: TagPermission,
  id: string,
  find = findTag,
): Promise<TagRow> => {
  const tag = orNotFound(await find(db, scopeOf(ctx), id), 'tag')
  const reach = await reachOf(db, ctx, permission, { ...tenantScope(tag.tenantId), ownerId: tag.ownerId })
  if (reach === 'nothing') throw notFound('tag')
  if (reach === 'some' && permission === 'tag:write') {
    throw new AppError('FORBIDDEN', 'The owner of this tag also uses it in mailboxes that you may not change.')
  }
  return tag
}

/** How many of the mailboxes that share an owner's tags the actor holds the permission for. */
export const reachOf = async (
  db: Db,
  ctx: ServiceContext,
  permission: TagPermission,
  { tenantId, ownerId }: TagOwner,
): Promise<'all' | 'some' | 'nothing'> => {
  const sharing = await findMailboxIdsOfTagOwner(db, { ...tenantScope(tenantId), ownerId })
  // Who has no mailbox yet may make tags for when they have one.
  if (sharing.length === 0) return ownerId === ctx.actor.userId ? 'all' : 'nothing'
  const held = sharing.filter((id) => canSeeMailbox(ctx, permission, id))
  return held.length === sharing.length ? 'all' : held.length > 0 ? 'some' : 'nothing'
}
