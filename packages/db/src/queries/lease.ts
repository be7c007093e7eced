import { tenantScope } from './scope.ts'
import type { Db } from '../client/db.ts'
import { SYSTEM_TENANT } from '../schema/tenant.ts'
import { deleteSetting, findSetting, putSetting } from './setting.ts'
import { lockTenant } from './tenant.ts'

/** Who runs a job that only one process may run at a time, and until when at most. */
interface Lease {
  readonly holder: string
  readonly until: number
}

const SCOPE = tenantScope(SYSTEM_TENANT)
const keyOf = (job: string): string => `lease:${job}`

const isLease = (value: unknown): value is Lease =>
  typeof value === 'object' && value !== null && 'holder' in value && 'until' in value

/**
 * Takes or renews the lease of a job. False while another holder's lease is valid. The holder renews it before it expires, for as
 * long as the job runs; a dead one's expires.
 */
export async function takeLease(
  db: Db,
  { job, holder, now, forMs }: { job: string; holder: string; now: Date; forMs: number },
): Promise<boolean> {
  return db.transaction(async (tx) => {
    await lockTenant(tx, SCOPE)
    const held = await findSetting(tx, SCOPE, keyOf(job))
    if (isLease(held) && held.holder !== holder && held.until > now.getTime()) return false
    const lease: Lease = { holder, until: now.getTime() + forMs }
    await putSetting(tx, SCOPE, { key: keyOf(job), value: lease, updatedAt: now })
    return true
  })
}

/** Releases a lease, so that others need not wait for it to expire. */
export async function releaseLease(db: Db, { job, holder }: { job: string; holder: string }): Promise<void> {
  await db.transaction(async (tx) => {
    await lockTenant(tx, SCOPE)
    const held = await findSetting(tx, SCOPE, keyOf(job))
    if (isLease(held) && held.holder === holder) await deleteSetting(tx, SCOPE, keyOf(job))
  })
}
