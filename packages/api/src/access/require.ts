import type { Role } from '@mairust/db/schema'
import { AppError } from '../errors.ts'
import type { Actor } from './actor.ts'
import type { Permission } from './permissions.ts'
import { roleCovers } from './roles.ts'
import { NOTHING, scopeHoldsDomain, scopeHoldsMailbox, type AccessScope } from './scope.ts'

interface HasActor {
  readonly actor: Actor
}

/** Throws FORBIDDEN unless the actor has the permission. */
export const requirePermission = ({ actor }: HasActor, permission: Permission): void => {
  if (!actor.permissions.has(permission)) {
    throw new AppError('FORBIDDEN', `This needs the permission ${permission}.`)
  }
}

/** The scope of a permission; empty if the actor does not have it. */
export const accessScope = ({ actor }: HasActor, permission: Permission): AccessScope =>
  actor.permissions.get(permission) ?? NOTHING

/** Whether the actor has the permission for this mailbox. */
export const canSeeMailbox = (ctx: HasActor, permission: Permission, mailboxId: string): boolean =>
  scopeHoldsMailbox(accessScope(ctx, permission), mailboxId)

/** Whether the actor has the permission for this domain and what belongs to it. */
export const canSeeDomain = (ctx: HasActor, permission: Permission, domainId: string): boolean =>
  scopeHoldsDomain(accessScope(ctx, permission), domainId)

/**
 * Refuses to grant a role above the actor's own, or to touch what belongs to a user with such a role.
 * @throws AppError FORBIDDEN
 */
export const requireRole = ({ actor }: HasActor, role: Role): void => {
  if (!roleCovers(actor.role, role))
    throw new AppError('FORBIDDEN', `Your role (${actor.role}) does not allow this for a higher role.`)
}
