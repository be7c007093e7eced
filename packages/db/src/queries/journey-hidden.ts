import { aliasedTable, and, type Column, eq, inArray, isNull, lte, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Role } from '../names.ts'
import { hasNoRow, hasRow } from './any-row.ts'
import type { IdSet } from './id-set.ts'
import { heldSince } from './mailbox-address.ts'
import { among } from './scope.ts'

/** What an administrator does not see of the journeys in their scope: the mail of higher roles. */
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
export function isFromOthers(db: Db, hidden: HiddenOwners): SQL | undefined {
  const { userIds, roles } = hidden
  const { journeys: j } = db.tables
  return or(
    isNull(j.userId),
    isFromSelf(db, hidden),
    and(notInArray(j.userId, [...userIds]), or(isNull(j.userRole), notInArray(j.userRole, [...roles]))),
  )
}

/** The condition that the caller submitted the journey of the row. */
export function isFromSelf(db: Db, { self }: HiddenOwners): SQL | undefined {
  return self.userId === null ? undefined : eq(db.tables.journeys.userId, self.userId)
}

/** The condition that a recipient is one of theirs, now or when the mail came. */
export function isOfHidden(db: Db, { addresses, roles, self }: HiddenOwners, recipient: RecipientRow): SQL | undefined {
  const isHigher = inArray(recipient.ownerRole, [...roles])
  const isAnothers = self.mailboxIds.length === 0 ? undefined : hasNoRow(heldBy(db, self.mailboxIds, recipient))
  return or(inArray(recipient.address, [...addresses]), and(isHigher, isAnothers))
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
