import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Kit } from './kit.ts'

/** The first two columns of every tenant's row; they are its primary key, so no reference can cross tenants. */
export const tenantRow = (c: Kit) => ({
  tenantId: c.id().notNull(),
  id: c.id().notNull(),
})

/** A reference from `[tenantId, column]` to a row of the same tenant. */
export const belongsTo = (
  c: Kit,
  name: string,
  columns: [tenantId: PgColumn, id: PgColumn],
  target: { tenantId: PgColumn; id: PgColumn },
) => c.foreignKey({ name, columns, foreignColumns: [target.tenantId, target.id] })

/** A reference to the row's tenant; the row is removed with it. */
export const belongsToTenant = (c: Kit, name: string, tenantId: PgColumn, tenants: { id: PgColumn }) =>
  c.foreignKey({ name, columns: [tenantId], foreignColumns: [tenants.id] }).onDelete('cascade')

/** When a row was created and last changed. Set by the application, so that both databases and all nodes agree. */
export const stamps = (c: Kit) => ({
  createdAt: c.time().notNull(),
  updatedAt: c.time().notNull(),
})

/** A name and an address from a header field. */
export interface StoredAddress {
  name: string
  address: string
}
