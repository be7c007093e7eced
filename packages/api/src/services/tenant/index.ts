import { createId, type Db } from '@mairust/db'
import { insertTenant, findFirstTenant } from '@mairust/db/queries/tenant'
import { job } from '../../verb/index.ts'

/**
 * The tenant of a single-tenant installation: the one made first, or a new one when there is none. Call it inside a
 * transaction that holds the system tenant's lock, or where nobody else can be making one.
 */
export const ensureDefaultTenant = job({
  audit: { none: 'it comes with the first change that is made in it, which leaves its own entry' },
  run: async (tx: Db, now: Date): Promise<string> => {
    const found = await findFirstTenant(tx)
    return (found ?? (await insertTenant(tx, { id: createId('tnt'), name: 'Default', createdAt: now }))).id
  },
})
