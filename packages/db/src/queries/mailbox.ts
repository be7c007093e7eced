import { and, asc, eq, inArray, or } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { contains } from '../dialect/index.ts'
import type { Tables } from '../schema/define.ts'
import type { Role } from '../names.ts'
import { createDefaultFolders } from './folder.ts'
import type { IdSet } from './id-set.ts'
import { deleteRow, findRow, findRowWhere, insertRow, lockRow, updateRow, type NewRow, type RowChange } from './row.ts'
import { among, fromPage, type RowPage, type TenantScope } from './scope.ts'
import { deleteTagsOf, moveTags, tagOwnerId } from './tag-owner.ts'

/** A mailbox as stored. */
export type MailboxRow = Tables['mailboxes']['$inferSelect']

/**
 * Adds a mailbox with its folders. Throws the unique violation (`mailboxes_address_key`) when a mailbox of the tenant has the
 * address; the caller ensures, under `lockDomainByName`, that no alias has it.
 */
export async function insertMailbox(
  tx: Db,
  scope: TenantScope,
  mailbox: NewRow<Tables['mailboxes'], 'usedBytes'>,
): Promise<MailboxRow> {
  const made = await insertRow(tx, tx.tables.mailboxes, scope, mailbox)
  await createDefaultFolders(tx, scope, made.id, made.createdAt)
  return made
}

/** The tenant's mailbox with this id, or null. */
export const findMailbox = (db: Db, scope: TenantScope, id: string): Promise<MailboxRow | null> =>
  findRow(db, db.tables.mailboxes, scope, id)

/** The tenant's mailbox with this id, or null, locked until the end of the transaction. */
export const lockMailbox = (tx: Db, scope: TenantScope, id: string): Promise<MailboxRow | null> =>
  lockRow(tx, tx.tables.mailboxes, scope, id)

/** The tenant's mailbox with this (normalised) address, or null. */
export function findMailboxByAddress(db: Db, scope: TenantScope, address: string): Promise<MailboxRow | null> {
  const { mailboxes: m } = db.tables
  return findRowWhere(db, m, and(eq(m.tenantId, scope.tenantId), eq(m.address, address)))
}

/** The tenant's mailboxes that this user owns, that are in these domains, or that have one of these addresses or ids. */
export async function findMailboxIds(
  db: Db,
  scope: TenantScope,
  wanted: { userId?: string; domainIds?: readonly string[]; addressesOrIds?: readonly string[] },
): Promise<string[]> {
  const { mailboxes: m } = db.tables
  const domainIds = wanted.domainIds ?? []
  const named = wanted.addressesOrIds ?? []
  const any = [
    ...(wanted.userId === undefined ? [] : [eq(m.userId, wanted.userId)]),
    ...(domainIds.length === 0 ? [] : [inArray(m.domainId, [...domainIds])]),
    ...(named.length === 0 ? [] : [inArray(m.address, [...named]), inArray(m.id, [...named])]),
  ]
  if (any.length === 0) return []
  const rows = await db
    .select({ id: m.id })
    .from(m)
    .where(and(eq(m.tenantId, scope.tenantId), or(...any)))
  return rows.map((row) => row.id)
}

/** The tenant's mailboxes whose owners have one of these roles. */
export async function findMailboxesOfRoles(
  db: Db,
  scope: TenantScope,
  roles: readonly Role[],
): Promise<{ id: string; domainId: string; ownerId: string; role: Role }[]> {
  if (roles.length === 0) return []
  const { mailboxes: m, users: u } = db.tables
  return db
    .select({ id: m.id, domainId: m.domainId, ownerId: u.id, role: u.role })
    .from(u)
    .innerJoin(m, and(eq(m.tenantId, u.tenantId), eq(m.userId, u.id)))
    .where(and(eq(u.tenantId, scope.tenantId), inArray(u.role, [...roles])))
}

/** The owners of these mailboxes of the tenant, each once. */
export async function findOwners(
  db: Db,
  scope: TenantScope,
  mailboxIds: readonly string[],
): Promise<{ id: string; role: Role }[]> {
  if (mailboxIds.length === 0) return []
  const { mailboxes: m, users: u } = db.tables
  return db
    .selectDistinct({ id: u.id, role: u.role })
    .from(m)
    .innerJoin(u, and(eq(u.tenantId, m.tenantId), eq(u.id, m.userId)))
    .where(and(eq(m.tenantId, scope.tenantId), inArray(m.id, [...mailboxIds])))
}

/** A page of the tenant's mailboxes, oldest first; `contains` searches address and display name. */
export async function listMailboxRows(
  db: Db,
  scope: TenantScope,
  page: RowPage & {
    ids?: IdSet | undefined
    domainId?: string | undefined
    userId?: string | undefined
  },
): Promise<MailboxRow[]> {
  const { mailboxes } = db.tables
  const { contains: text } = page
  return db
    .select()
    .from(mailboxes)
    .where(
      fromPage(
        mailboxes,
        scope,
        page,
        among(mailboxes.id, page.ids ?? 'all'),
        page.domainId === undefined ? undefined : eq(mailboxes.domainId, page.domainId),
        page.userId === undefined ? undefined : eq(mailboxes.userId, page.userId),
        text === undefined
          ? undefined
          : or(contains(db, mailboxes.address, text), contains(db, mailboxes.displayName, text)),
      ),
    )
    .orderBy(asc(mailboxes.id))
    .limit(page.limit)
}

/** The changeable columns of a mailbox. How much it holds changes only with its mail. A new address comes with the time of it. */
export type MailboxChange = RowChange<Tables['mailboxes'], 'usedBytes' | 'address' | 'addressSince'> &
  ({ address?: undefined; addressSince?: undefined } | { address: string; addressSince: Date })

/**
 * Changes a mailbox and returns the new row; null when there is none. The tags of its messages move to a new owner. Throws like
 * `insertMailbox` when the address is taken.
 */
export async function updateMailboxRow(
  tx: Db,
  scope: TenantScope,
  id: string,
  change: MailboxChange,
): Promise<MailboxRow | null> {
  const row = await updateRow(tx, tx.tables.mailboxes, scope, id, change)
  if (row !== null && change.userId !== undefined) await moveTags(tx, scope, id, tagOwnerId(row))
  return row
}

/** Detaches a user's mailboxes, with the tags of their messages; returns the mailboxes' ids. */
export async function unassignMailboxes(tx: Db, scope: TenantScope, userId: string, now: Date): Promise<string[]> {
  const { mailboxes } = tx.tables
  const rows = await tx
    .update(mailboxes)
    .set({ userId: null, updatedAt: now })
    .where(and(eq(mailboxes.tenantId, scope.tenantId), eq(mailboxes.userId, userId)))
    .returning({ id: mailboxes.id })
  for (const { id } of rows) await moveTags(tx, scope, id, id)
  return rows.map(({ id }) => id)
}

/**
 * Removes a mailbox with its folders, threads and own tags; true if it existed. Throws the foreign key violation while it has
 * messages: empty it first with `emptyMailbox` (queries/prune).
 */
export async function deleteMailboxRow(tx: Db, scope: TenantScope, id: string): Promise<boolean> {
  const gone = await deleteRow(tx, tx.tables.mailboxes, scope, id)
  if (gone) await deleteTagsOf(tx, { ...scope, ownerId: id })
  return gone
}
