import { aliasedTable, and, type Column, eq, inArray, isNull, lte, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Role } from '../names.ts'
import { hasNoRow, hasRow } from './any-row.ts'
import type { IdSet } from './id-set.ts'
import { heldSince } from './mailbox-address.ts'
import { among } from './scope.ts'

/** What a caller who otherwise sees all journeys of a tenant does not see: the mail of higher roles. */
export interface HiddenOwners {
  /** Mailboxes that they may not see, and the present addresses of these. */
  readonly mailboxIds: readonly string[]
  readonly addresses: readonly string[]
  /** Users who have a higher role now. */
  readonly userIds: readonly string[]
  /** Roles whose mail stays hidden, whoever has the mailbox or the address now, and even if there is none any more. */
  readonly roles: readonly Role[]
  /** The caller, from whom nothing of their own is hidden. */
  readonly self: { readonly userId: string | null; readonly mailboxIds: readonly string[] }
}

/** Columns that tell a recipient of a journey. */
export interface RecipientColumns {
  readonly tenantId: Column
  readonly journeyId: Column
  readonly address: Column
}
type RecipientRow = RecipientColumns & { readonly ownerRole: Column }

/** The condition that none of them submitted the journey of the row. */
export function isFromOthers(db: Db, { userIds, roles, self }: HiddenOwners): SQL | undefined {
  const { journeys: j } = db.tables
  return or(
    isNull(j.userId),
    self.userId === null ? undefined : eq(j.userId, self.userId),
    and(notInArray(j.userId, [...userIds]), or(isNull(j.userRole), notInArray(j.userRole, [...roles]))),
  )
}

/** The condition that a recipient's mail was for one of the roles. */
export function isOfHiddenRole(db: Db, { roles, self }: HiddenOwners, recipient: RecipientRow): SQL | undefined {
  const isHigher = inArray(recipient.ownerRole, [...roles])
  return self.mailboxIds.length === 0 ? isHigher : and(isHigher, hasNoRow(heldBy(db, self.mailboxIds, recipient)))
}

/** The condition that a recipient is none of theirs, neither now nor when the mail came. */
export function isOfOthers(db: Db, { addresses, roles, self }: HiddenOwners, recipient: RecipientRow): SQL | undefined {
  return and(
    notInArray(recipient.address, [...addresses]),
    or(
      isNull(recipient.ownerRole),
      notInArray(recipient.ownerRole, [...roles]),
      self.mailboxIds.length === 0 ? undefined : hasRow(heldBy(db, self.mailboxIds, recipient)),
    ),
  )
}

/** Those of the mailboxes that have had a recipient's address since its journey began or longer. */
export function heldBy(db: Db, mailboxIds: IdSet, { tenantId, journeyId, address }: RecipientColumns) {
  const { journeys, mailboxes: b } = db.tables
  const began = aliasedTable(journeys, 'began')
  return db
    .select({ one: sql`1` })
    .from(b)
    .innerJoin(began, and(eq(began.tenantId, b.tenantId), eq(began.id, journeyId), lte(heldSince(b), began.startedAt)))
    .where(and(eq(b.tenantId, tenantId), eq(b.address, address), among(b.id, mailboxIds)))
}
