import { createId, type Db } from '@mairust/db'
import { insertTenant, findFirstTenant } from '@mairust/db/queries/tenant'
import { job } from '../../verb/index.ts'

/**
 * The tenant of a single-tenant installation: the oldest one, or a new one if there is none. Call it in a transaction that locks the
 * system tenant, or where nothing else can create a tenant.
 */
export const ensureDefaultTenant = job({
  audit: { none: 'it is created with the first change in it, which leaves its own entry' },
  run: async (tx: Db, now: Date): Promise<string> => {
    const found = await findFirstTenant(tx)
    return (found ?? (await insertTenant(tx, { id: createId('tnt'), name: 'Default', createdAt: now }))).id
  },
})
