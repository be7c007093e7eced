import { type TenantScope, tenantScope } from '@mairust/db/queries/scope'
import { createId, type Db, tenantTopic } from '@mairust/db'
import { deleteApiKeysOfUser } from '@mairust/db/queries/api-key'
import { insertDomain, lockDomainByName, updateDomainRow } from '@mairust/db/queries/domain'
import { findMailboxByAddress, insertMailbox, updateMailboxRow } from '@mairust/db/queries/mailbox'
import { endLogins } from '@mairust/db/queries/session'
import { lockTenant } from '@mairust/db/queries/tenant'
import { findUserByEmail, insertUser, updateUserRow } from '@mairust/db/queries/user'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import type { NewKey } from '@mairust/mail-core/auth'
import { systemActor } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type PublicContext, type Runtime, type ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { onTaken } from '../../taken.ts'
import { requireFreeAddress } from '../address/index.ts'
import { makeDkimKeys, storeDkimKeys } from '../dkim/internal.ts'
import { newVerifyToken } from '../domain/internal.ts'
import { ensureDefaultTenant } from '../tenant/index.ts'
import type { SetupResultWire } from './schemas.ts'
import { endSetupToken, isSetupNeeded } from './token.ts'

/** The first administrator with their domain and mailbox, all normalised. */
export interface FirstAdmin {
  email: string
  passwordHash: string
  name: string
  domainName: string
  mailboxAddress: string
}

/**
 * Creates, in one transaction, the default tenant, the super_admin, their active domain and their mailbox. It reuses those that the
 * command line created before. Of two concurrent calls only one succeeds.
 * @returns null if there is an administrator already
 * @throws AppError CONFLICT if the domain or the address is in use
 */
export const createInstallation = async (
  from: Runtime & Pick<PublicContext, 'requestId' | 'ip'>,
  admin: FirstAdmin,
): Promise<{ tenantId: string; result: SetupResultWire } | null> => {
  const keys = await makeDkimKeys()
  return from.db
    .transaction(async (tx) => {
      await lockTenant(tx, tenantScope(SYSTEM_TENANT))
      if (!(await isSetupNeeded(tx))) return null
      const now = from.now()
      const scope = tenantScope(await ensureDefaultTenant(tx, now))
      const ctx: ServiceContext = { ...from, actor: systemActor(scope.tenantId, 'setup') }
      const userId = await ensureAdmin(tx, scope, admin, now)
      const domainId = await ensureDomain(tx, ctx, admin.domainName, keys)
      const mailboxId = await ensureMailbox(tx, ctx, { ...admin, userId, domainId }, now)
      const result = {
        user_id: userId,
        domain_id: domainId,
        mailbox_id: mailboxId,
        mailbox_address: admin.mailboxAddress,
      }
      await writeAudit(tx, ctx, {
        action: 'setup.complete',
        targetType: 'user',
        targetId: userId,
        after: { ...result, email: admin.email, domain: admin.domainName },
      })
      await endSetupToken(tx)
      await from.changes.publish(
        tx,
        tenantTopic('users', scope.tenantId),
        tenantTopic('domains', scope.tenantId),
        tenantTopic('addresses', scope.tenantId),
      )
      return { tenantId: scope.tenantId, result }
    })
    .catch(onTaken('The domain or the address is already in use. Choose another.'))
}

const ensureAdmin = async (
  tx: Db,
  scope: TenantScope,
  { email, name, passwordHash }: FirstAdmin,
  now: Date,
): Promise<string> => {
  const known = await findUserByEmail(tx, email)
  if (known?.tenantId === scope.tenantId) {
    const change = {
      passwordHash,
      role: 'super_admin' as const,
      suspended: false,
      name: name || known.name,
      updatedAt: now,
    }
    await updateUserRow(tx, scope, known.id, change)
    // Whoever holds a session or key from before does not become an administrator with it.
    await endLogins(tx, scope, known.id)
    await deleteApiKeysOfUser(tx, scope, known.id)
    return known.id
  }
  const id = createId('usr')
  const row = {
    id,
    email,
    name,
    passwordHash,
    role: 'super_admin' as const,
    suspended: false,
    createdAt: now,
    updatedAt: now,
  }
  return (await insertUser(tx, scope, row)).id
}

const ensureDomain = async (tx: Db, ctx: ServiceContext, name: string, keys: readonly NewKey[]): Promise<string> => {
  const scope = scopeOf(ctx)
  const now = ctx.now()
  const known = await lockDomainByName(tx, scope, name)
  if (known !== null) {
    if (known.aliasOfId !== null) {
      throw new AppError(
        'CONFLICT',
        `${name} is an alias of another domain and has no addresses of its own. Use that domain.`,
      )
    }
    await updateDomainRow(tx, scope, known.id, { status: 'active', updatedAt: now })
    return known.id
  }
  const row = {
    id: createId('dom'),
    name,
    status: 'active' as const,
    verifyToken: newVerifyToken(),
    createdAt: now,
    updatedAt: now,
  }
  await insertDomain(tx, scope, row)
  await storeDkimKeys(tx, ctx, scope, row.id, keys)
  return row.id
}

const ensureMailbox = async (
  tx: Db,
  ctx: ServiceContext,
  wanted: { mailboxAddress: string; name: string; userId: string; domainId: string },
  now: Date,
): Promise<string> => {
  const scope = scopeOf(ctx)
  const known = await findMailboxByAddress(tx, scope, wanted.mailboxAddress)
  if (known !== null) {
    await updateMailboxRow(tx, scope, known.id, { userId: wanted.userId, updatedAt: now })
    return known.id
  }
  const id = createId('mbx')
  await requireFreeAddress(tx, ctx, wanted.mailboxAddress, id)
  const row = {
    id,
    domainId: wanted.domainId,
    userId: wanted.userId,
    address: wanted.mailboxAddress,
    displayName: wanted.name,
    status: 'active' as const,
    quotaBytes: null,
    createdAt: now,
    updatedAt: now,
  }
  return (await insertMailbox(tx, scope, row)).id
}
