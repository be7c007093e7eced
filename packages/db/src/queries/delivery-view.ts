import { and, eq, inArray, isNull, lte, notInArray, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Role } from '../names.ts'
import { hasNoRow, hasRow } from './any-row.ts'
import type { IdSet } from './id-set.ts'
import { heldSince } from './mailbox-address.ts'
import { among, type TenantScope } from './scope.ts'

/** Those deliveries of a tenant that a caller may see; all of them without further conditions. */
export type DeliveryView = TenantScope & {
  /** Only what this user submitted. */
  readonly userId?: string | undefined
  /** Only what was sent as the address of one of these mailboxes, or as any address in one of these domains. */
  readonly sentAs?: { readonly mailboxIds: IdSet; readonly domainIds: IdSet } | undefined
  /** Nothing that users of these roles submitted, whether they have the role now (`userIds`) or had it then. */
  readonly hidden?: { readonly roles: readonly Role[]; readonly userIds: readonly string[] } | undefined
  /** From whom nothing of their own is hidden. */
  readonly self?: string | null | undefined
}

/** The condition that the caller may see the delivery of a message. The query has `outgoing` in it. */
export function isInView(db: Db, view: DeliveryView): SQL | undefined {
  const { outgoing: o } = db.tables
  const { tenantId, userId, sentAs, hidden } = view
  return and(
    eq(o.tenantId, tenantId),
    userId === undefined ? undefined : eq(o.userId, userId),
    sentAs === undefined ? undefined : isSentAs(db, sentAs),
    hidden === undefined ? undefined : isFromOthers(db, hidden, view.self ?? null),
  )
}

function isSentAs(db: Db, { mailboxIds, domainIds }: NonNullable<DeliveryView['sentAs']>): SQL | undefined {
  const { outgoing: o, mailboxes: b, domains } = db.tables
  const one = { one: sql`1` }
  const end = sql`substr(${o.sender}, length(${o.sender}) - length(${domains.name}))`
  return or(
    hasRow(
      db
        .select(one)
        .from(b)
        .where(
          and(
            eq(b.tenantId, o.tenantId),
            eq(b.address, o.sender),
            among(b.id, mailboxIds),
            // An address that somebody else had before.
            lte(heldSince(b), o.createdAt),
          ),
        ),
    ),
    hasRow(
      db
        .select(one)
        .from(domains)
        .where(
          and(
            eq(domains.tenantId, o.tenantId),
            among(domains.id, domainIds),
            eq(end, sql`'@' || ${domains.name}`),
            // A domain of that name that was there before.
            lte(domains.createdAt, o.createdAt),
          ),
        ),
    ),
  )
}

function isFromOthers(
  db: Db,
  { roles, userIds }: NonNullable<DeliveryView['hidden']>,
  self: string | null,
): SQL | undefined {
  const { outgoing: o, journeys: j } = db.tables
  const ofHigher = db
    .select({ one: sql`1` })
    .from(j)
    .where(and(eq(j.tenantId, o.tenantId), eq(j.id, o.journeyId), inArray(j.userRole, [...roles])))
  return or(
    isNull(o.userId),
    self === null ? undefined : eq(o.userId, self),
    and(notInArray(o.userId, [...userIds]), hasNoRow(ofHigher)),
  )
}
