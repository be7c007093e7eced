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
 * Makes what refuses a change whose actor lost meanwhile what it was let in with: a request may take its time, with a body that comes
 * slowly or a password that waits to be hashed, and a log-out, a revoked key, a lost role or a mailbox given to somebody else must not
 * wait for it.
 */
export const requireStanding =
  (runtime: Runtime, credentials: Credentials, before: Actor) =>
  async (tx: Db): Promise<void> => {
    const { actor, problem } = await resolveCaller({ ...runtime, db: tx }, credentials, { isUse: false })
    if (actor === null) throw unauthorized(problem)
    if (!(await holdsStill(tx, before, actor))) {
      throw new AppError('FORBIDDEN', 'Your permissions have changed since you sent this. Send it again.')
    }
  }

const holdsStill = async (tx: Db, before: Actor, now: Actor): Promise<boolean> => {
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

/** A removed mailbox is no loss: nothing is left in it, and a long request that removes mailboxes may go on. */
const holdsMailboxes = async (tx: Db, tenant: { tenantId: string }, before: IdSet, now: IdSet): Promise<boolean> => {
  if (hasAllIds(now, before)) return true
  if (!isIdList(before)) return false
  const left = await findMailboxIds(tx, tenantScope(tenant.tenantId), { addressesOrIds: idsOutside(now, before) })
  return left.length === 0
}
