import { AppError } from '../errors.ts'
import type { Actor } from './actor.ts'
import type { Permission } from './permissions.ts'

interface Acting {
  readonly actor: Actor
}

/** Throws FORBIDDEN unless the actor holds the permission. The first line of every verb. */
export const requirePermission = ({ actor }: Acting, permission: Permission): void => {
  if (!actor.permissions.has(permission)) {
    throw new AppError('FORBIDDEN', `This needs the permission ${permission}.`)
  }
}

/** Whether the actor may see this mailbox. */
export const canSeeMailbox = ({ actor }: Acting, mailboxId: string): boolean =>
  actor.mailboxIds === 'all' || actor.mailboxIds.includes(mailboxId)

/** Whether the actor may see this domain and what belongs to it. */
export const canSeeDomain = ({ actor }: Acting, domainId: string): boolean =>
  actor.domainIds === 'all' || actor.domainIds.includes(domainId)
