import { and, eq, gt, inArray, notInArray, sql, type Column, type SQL, type SQLWrapper } from 'drizzle-orm'
import type { IdSet } from './id-set.ts'

/** The mailboxes of a tenant that a caller may see. */
export type MailboxScope = { tenantId: string; mailboxIds: IdSet }

/** The condition that a column is one of these ids; undefined for `all`, always false for none. */
export function among(column: SQLWrapper, ids: IdSet): SQL | undefined {
  if (ids === 'all') return undefined
  if ('except' in ids) return notInArray(column, [...ids.except])
  return ids.length === 0 ? sql`1 = 0` : inArray(column, [...ids])
}

/** The condition that a column is one of the scope's mailboxes; undefined when all are. */
export const inMailboxes = (column: Column, scope: MailboxScope): SQL | undefined => among(column, scope.mailboxIds)

/** The condition for rows in the scope's mailboxes that also meet all of `more`. */
export function ofMailboxes(
  table: { tenantId: Column; mailboxId: Column },
  scope: MailboxScope,
  ...more: readonly (SQL | undefined)[]
): SQL | undefined {
  return and(eq(table.tenantId, scope.tenantId), ...more, inMailboxes(table.mailboxId, scope))
}

/** A table whose rows have a tenant and an id. */
interface TenantTable {
  tenantId: Column
  id: Column
}

/** The condition for the scope's row with this id. */
export function own(table: TenantTable, scope: { tenantId: string }, id: string): SQL | undefined {
  return and(eq(table.tenantId, scope.tenantId), eq(table.id, id))
}

/** A page of an entity's rows: at most `limit`, oldest first, after the id `after`, with `contains` in their names. */
export interface RowPage {
  limit: number
  after?: string | undefined
  contains?: string | undefined
}

/** The condition for the scope's rows from the page's start on that also meet all of `more`. */
export function fromPage(
  table: TenantTable,
  scope: { tenantId: string },
  page: RowPage,
  ...more: readonly (SQL | undefined)[]
): SQL | undefined {
  return and(
    eq(table.tenantId, scope.tenantId),
    page.after === undefined ? undefined : gt(table.id, page.after),
    ...more,
  )
}
