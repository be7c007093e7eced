import type { Kit } from './kit.ts'

/** The two columns every row of a tenant begins with; the pair is its primary key, so no reference can cross tenants. */
export const tenantRow = (c: Kit) => ({
  tenantId: c.id().notNull(),
  id: c.id().notNull(),
})

/** When a row was made and last changed. Set by the application, so that both databases and all nodes agree. */
export const stamps = (c: Kit) => ({
  createdAt: c.time().notNull(),
  updatedAt: c.time().notNull(),
})

/** A name and an address as they stood in a header field. */
export interface StoredAddress {
  name: string
  address: string
}
