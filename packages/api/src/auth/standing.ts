import { tenantScope } from '@mairust/db/queries/scope'
import { isDeepStrictEqual } from 'node:util'
import type { Db } from '@mairust/db'
import { hasAllIds, idsOutside, isIdList, type IdSet } from '@mairust/db/queries/id-set'
import { findMailboxIds } from '@mairust/db/queries/mailbox'
import type { Actor, AccessScope } from '../access/index.ts'
import type { Runtime } from '../context.ts'
import { AppError } from '../errors.ts'
import { type Credentials, resolveCaller, unauthorized } from './resolve-actor.ts'

/**
 * Makes a check, run at the start of each transaction, that the actor still has what it had when the request began. A request may take
 * long, with a slow body or a password in the hashing queue; a log-out, a revoked key, a lost role or a mailbox given to somebody else
 * must take effect meanwhile.
 */
export const requireStanding =
  (runtime: Runtime, credentials: Credentials, before: Actor) =>
  async (tx: Db): Promise<void> => {
    const { actor, problem } = await resolveCaller({ ...runtime, db: tx }, credentials, { isUse: false })
    if (actor === null) throw unauthorized(problem)
    if (!(await stillHolds(tx, before, actor))) {
      throw new AppError('FORBIDDEN', 'Your permissions changed while this request was running. Send it again.')
    }
  }

const stillHolds = async (tx: Db, before: Actor, now: Actor): Promise<boolean> => {
  if (now.role !== before.role) return false
  for (const [permission, scope] of before.permissions) {
    const left = now.permissions.get(permission)
    if (left === undefined || !isAsWide(scope, left)) return false
    if (!(await holdsMailboxes(tx, before, scope.mailboxIds, left.mailboxIds))) return false
  }
  return true
}

const isAsWide = (before: AccessScope, now: AccessScope): boolean =>
  (before.domainIds !== 'all' || now.domainIds === 'all') && isDeepStrictEqual(now.userDomains, before.userDomains)

/** A removed mailbox does not count as lost: nothing is left in it, and a long request that removes mailboxes may continue. */
const holdsMailboxes = async (tx: Db, tenant: { tenantId: string }, before: IdSet, now: IdSet): Promise<boolean> => {
  if (hasAllIds(now, before)) return true
  if (!isIdList(before)) return false
  const left = await findMailboxIds(tx, tenantScope(tenant.tenantId), { addressesOrIds: idsOutside(now, before) })
  return left.length === 0
}
