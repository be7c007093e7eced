import { createId, type Db } from '@mairust/db'
import { insertTenant, findFirstTenant } from '@mairust/db/queries/tenant'

/**
 * The tenant of a single-tenant installation: the one made first, or a new one when there is none. Call it inside a
 * transaction that holds the system tenant's lock, or where nobody else can be making one.
 */
export const ensureDefaultTenant = async (tx: Db, now: Date): Promise<string> => {
  const found = await findFirstTenant(tx)
  return (found ?? (await insertTenant(tx, { id: createId('tnt'), name: 'Default', createdAt: now }))).id
}
