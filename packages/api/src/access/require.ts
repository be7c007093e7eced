import type { Role } from '@mairust/db/schema'
import { AppError } from '../errors.ts'
import type { Actor } from './actor.ts'
import type { Permission } from './permissions.ts'
import { roleCovers } from './roles.ts'
import { NOTHING, scopeHoldsDomain, scopeHoldsMailbox, type AccessScope } from './scope.ts'

interface Acting {
  readonly actor: Actor
}

/** Throws FORBIDDEN unless the actor holds the permission. The first line of every verb. */
export const requirePermission = ({ actor }: Acting, permission: Permission): void => {
  if (!actor.permissions.has(permission)) {
    throw new AppError('FORBIDDEN', `This needs the permission ${permission}.`)
  }
}

/** Within what the actor holds a permission. */
export const accessScope = ({ actor }: Acting, permission: Permission): AccessScope =>
  actor.permissions.get(permission) ?? NOTHING

/** Whether the actor holds the permission for this mailbox. */
export const canSeeMailbox = (acting: Acting, permission: Permission, mailboxId: string): boolean =>
  scopeHoldsMailbox(accessScope(acting, permission), mailboxId)

/** Whether the actor holds the permission for this domain and what belongs to it. */
export const canSeeDomain = (acting: Acting, permission: Permission, domainId: string): boolean =>
  scopeHoldsDomain(accessScope(acting, permission), domainId)

/**
 * Refuses to give, or to touch what belongs to, a role above the actor's own.
 * @throws AppError FORBIDDEN
 */
export const requireRole = ({ actor }: Acting, role: Role): void => {
  if (!roleCovers(actor.role, role)) throw new AppError('FORBIDDEN', `Your role does not cover ${role}.`)
}
