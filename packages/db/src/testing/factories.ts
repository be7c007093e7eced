import { tenantScope, type TenantScope } from '../queries/scope.ts'
import { blobKey } from '../blob/blob.ts'
import type { Db } from '../client/db.ts'
import { createId } from '../id.ts'
import { acceptMessages, type AcceptItem } from '../queries/accept.ts'
import { insertAlias, type AliasRow } from '../queries/alias.ts'
import { insertDomain, type DomainRow } from '../queries/domain.ts'
import { insertMailbox, type MailboxRow } from '../queries/mailbox.ts'
import { insertTenant, type TenantRow } from '../queries/tenant.ts'
import { insertUser, type UserRow } from '../queries/user.ts'
import { makeItem } from './accept-item.ts'

let counter = 0
const unique = (word: string): string => `${word}${(counter += 1)}${createId('tnt').slice(-6)}`
const stamps = (): { createdAt: Date; updatedAt: Date } => ({ createdAt: new Date(), updatedAt: new Date() })

/** A time later than all factory timestamps. */
export const LATER = new Date('2030-01-01T00:00:00Z')

/** Creates a tenant. */
export function makeTenant(db: Db, values: Partial<TenantRow> = {}): Promise<TenantRow> {
  return insertTenant(db, { id: createId('tnt'), name: unique('Tenant '), createdAt: new Date(), ...values })
}

/** Creates a tenant and returns the scope of its rows. */
export async function makeScope(db: Db): Promise<TenantScope> {
  return tenantScope((await makeTenant(db)).id)
}

/** Creates a user, by default with the role `user` and without a password. */
export function makeUser(db: Db, scope: TenantScope, values: Partial<UserRow> = {}): Promise<UserRow> {
  return insertUser(db, scope, {
    id: createId('usr'),
    email: `${unique('user')}@example.org`,
    name: 'A User',
    role: 'user',
    passwordHash: null,
    suspended: false,
    ...stamps(),
    ...values,
  })
}

/** Creates an active domain. */
export function makeDomain(db: Db, scope: TenantScope, values: Partial<DomainRow> = {}): Promise<DomainRow> {
  return insertDomain(db, scope, {
    id: createId('dom'),
    name: `${unique('d')}.example`,
    status: 'active',
    verifyToken: 'token',
    ...stamps(),
    ...values,
  })
}

/** Creates an enabled alias in a domain. */
export function makeAlias(
  db: Db,
  scope: TenantScope,
  values: Partial<AliasRow> & { domainId: string; address: string },
): Promise<AliasRow> {
  return insertAlias(db, scope, {
    id: createId('als'),
    targets: ['a@b.example'],
    enabled: true,
    ...stamps(),
    ...values,
  })
}

/** Creates a mailbox with its folders, and a domain if none is given. */
export async function makeMailbox(db: Db, scope: TenantScope, values: Partial<MailboxRow> = {}): Promise<MailboxRow> {
  const domainId = values.domainId ?? (await makeDomain(db, scope)).id
  return db.transaction((tx) =>
    insertMailbox(tx, scope, {
      id: createId('mbx'),
      domainId,
      userId: null,
      address: `${unique('box')}@example.org`,
      displayName: '',
      status: 'active',
      quotaBytes: null,
      // Before all journeys of tests.
      addressSince: new Date(0),
      ...stamps(),
      ...values,
    }),
  )
}

/**
 * Stores a message in a mailbox as receiving does, but without a blob. `overrides` apply to the item, their `copy` to its copy.
 * Returns the item and the message's id.
 */
export async function makeMessage(
  database: { db: Db; changes: Parameters<typeof acceptMessages>[2] },
  mailbox: { tenantId: string; id: string },
  overrides: Parameters<typeof makeItem>[1] = {},
): Promise<{ id: string; item: AcceptItem }> {
  const item = makeItem(mailbox, { blobKey: blobKey(new Date()), ...overrides })
  const { failures } = await database.db.transaction((tx) => acceptMessages(tx, [item], database.changes))
  const copy = item.objects[0]?.copies[0]
  if (failures[0] !== undefined || copy === undefined)
    throw new Error(`not accepted: ${failures[0]?.reason ?? 'no copy'}`)
  return { id: copy.messageId, item }
}
