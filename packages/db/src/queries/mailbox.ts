import { and, asc, eq, or } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import { contains } from '../dialect.ts'
import type { Tables } from '../schema/define.ts'
import { createDefaultFolders } from './folder.ts'
import { among, only } from './row.ts'
import { fromPage, own, type RowPage } from './scope.ts'

/** A mailbox as stored. */
export type MailboxRow = Tables['mailboxes']['$inferSelect']

/**
 * Adds a mailbox with its folders. Throws the unique violation (`mailboxes_address_key`) when any tenant's mailbox has the address;
 * that no alias has it is for the caller to see to, under `lockDomainByName`.
 */
export async function createMailbox(
  tx: Db,
  scope: { tenantId: string },
  mailbox: Omit<MailboxRow, 'tenantId' | 'usedBytes'>,
): Promise<MailboxRow> {
  const row = { ...mailbox, usedBytes: 0, tenantId: scope.tenantId }
  const made = only(await tx.insert(tx.tables.mailboxes).values(row).returning())
  await createDefaultFolders(tx, scope, made.id, made.createdAt)
  return made
}

/** The tenant's mailbox with this id, or null. */
export async function findMailbox(db: Db, scope: { tenantId: string }, id: string): Promise<MailboxRow | null> {
  const { mailboxes } = db.tables
  const rows = await db
    .select()
    .from(mailboxes)
    .where(own(mailboxes, scope, id))
  return rows[0] ?? null
}

/** The tenant's mailbox with this (normalised) address, or null. */
export async function findMailboxByAddress(
  db: Db,
  scope: { tenantId: string },
  address: string,
): Promise<MailboxRow | null> {
  const { mailboxes } = db.tables
  const rows = await db
    .select()
    .from(mailboxes)
    .where(and(eq(mailboxes.tenantId, scope.tenantId), eq(mailboxes.address, address)))
  return rows[0] ?? null
}

/** A page of the tenant's mailboxes, oldest first; `contains` is looked for in address and display name. */
export async function listMailboxRows(
  db: Db,
  scope: { tenantId: string },
  page: RowPage & {
    ids?: 'all' | readonly string[] | undefined
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

/** Changes a mailbox; true when it is there. Throws like `createMailbox` when the address is taken. */
export async function updateMailboxRow(
  db: Db,
  scope: { tenantId: string },
  id: string,
  change: Partial<Omit<MailboxRow, 'tenantId' | 'id' | 'usedBytes' | 'createdAt'>>,
): Promise<boolean> {
  const { mailboxes } = db.tables
  const { address, domainId, userId, displayName, status, quotaBytes, updatedAt } = change
  const rows = await db
    .update(mailboxes)
    .set({ address, domainId, userId, displayName, status, quotaBytes, updatedAt })
    .where(own(mailboxes, scope, id))
    .returning({ id: mailboxes.id })
  return rows.length > 0
}

/** Takes a user's mailboxes away from them; returns the mailboxes' ids. */
export async function unassignMailboxes(
  db: Db,
  scope: { tenantId: string },
  userId: string,
  now: Date,
): Promise<string[]> {
  const { mailboxes } = db.tables
  const rows = await db
    .update(mailboxes)
    .set({ userId: null, updatedAt: now })
    .where(and(eq(mailboxes.tenantId, scope.tenantId), eq(mailboxes.userId, userId)))
    .returning({ id: mailboxes.id })
  return rows.map(({ id }) => id)
}

/**
 * Removes a mailbox with its folders and threads; true when it was there. Throws the foreign key violation while it has messages:
 * empty it first with `emptyMailbox` (queries/prune).
 */
export async function deleteMailboxRow(db: Db, scope: { tenantId: string }, id: string): Promise<boolean> {
  const { mailboxes } = db.tables
  const rows = await db
    .delete(mailboxes)
    .where(own(mailboxes, scope, id))
    .returning({ id: mailboxes.id })
  return rows.length > 0
}
