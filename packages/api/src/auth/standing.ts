import { isDeepStrictEqual } from 'node:util'
import type { Db } from '@mairust/db'
import type { Actor, AccessScope } from '../access/index.ts'
import type { Runtime } from '../context.ts'
import { AppError } from '../errors.ts'
import { type Credentials, resolveCaller, unauthorized } from './resolve-actor.ts'

/**
 * Makes what refuses a change whose actor lost meanwhile what it was let in with: a request may take its time, with a body that comes
 * slowly or a password that waits to be hashed, and a log-out, a revoked key or a lost role must not wait for it.
 */
export const requireStanding =
  (runtime: Runtime, credentials: Credentials, before: Actor) =>
  async (tx: Db): Promise<void> => {
    const { actor, problem } = await resolveCaller({ ...runtime, db: tx }, credentials, { isUse: false })
    if (actor === null) throw unauthorized(problem)
    if (!holdsStill(before, actor)) {
      throw new AppError('FORBIDDEN', 'What you may do has changed since you sent this. Send it again.')
    }
  }

const holdsStill = (before: Actor, now: Actor): boolean =>
  now.role === before.role &&
  [...before.permissions].every(([permission, scope]) => {
    const left = now.permissions.get(permission)
    return left !== undefined && isAsWide(scope, left)
  })

/** Mailboxes come and go; what changes with a login's domain or a key's narrowing is what is looked at. */
const isAsWide = (before: AccessScope, now: AccessScope): boolean =>
  (before.domainIds !== 'all' || now.domainIds === 'all') && isDeepStrictEqual(now.userDomains, before.userDomains)
