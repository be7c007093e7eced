import { and, eq, gt, inArray, notInArray, sql, type Column, type SQL, type SQLWrapper } from 'drizzle-orm'
import type { IdSet } from './id-set.ts'

declare const isScope: unique symbol

/** The tenant that a query is about. A row that happens to have a tenant is none: only `tenantScope` makes one. */
export type TenantScope = { readonly tenantId: string; readonly [isScope]: true }

/** Says that a query is about this tenant: its id comes from the actor, or from a row that is itself not in doubt. */
export const tenantScope = (tenantId: string): TenantScope => ({ tenantId }) as TenantScope

/** The mailboxes of a tenant that a caller may see. */
export type MailboxScope = TenantScope & { mailboxIds: IdSet }

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
export function own(table: TenantTable, scope: TenantScope, id: string): SQL | undefined {
  return and(eq(table.tenantId, scope.tenantId), eq(table.id, id))
}

/** The condition for rows of several tenants: ids are unique in all of them. */
export function theseRows(table: TenantTable, rows: readonly { tenantId: string; id: string }[]): SQL | undefined {
  const tenantIds = new Set(rows.map(({ tenantId }) => tenantId))
  return and(
    inArray(table.tenantId, [...tenantIds]),
    inArray(
      table.id,
      rows.map(({ id }) => id),
    ),
  )
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
  scope: TenantScope,
  page: RowPage,
  ...more: readonly (SQL | undefined)[]
): SQL | undefined {
  return and(
    eq(table.tenantId, scope.tenantId),
    page.after === undefined ? undefined : gt(table.id, page.after),
    ...more,
  )
}
