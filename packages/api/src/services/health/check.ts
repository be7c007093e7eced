import { SPACE_RESERVE } from '@mairust/db'
import { countTenants } from '@mairust/db/queries/tenant'
import type { Runtime } from '../../context.ts'

export const HEALTH_STATUSES = ['ok', 'degraded', 'unavailable'] as const

/**
 * `degraded`: pages and API work, but all mail is refused because the disk is full. That must not take the server out of service:
 * somebody has to sign in and make room.
 */
export interface Health {
  status: (typeof HEALTH_STATUSES)[number]
  checks: { database: 'ok' | 'unavailable'; storage: 'ok' | 'unavailable'; disk: 'ok' | 'full' }
}

/**
 * Checks the database, the blob store and the disk. It gives no causes, because anybody may ask.
 * @param free the free bytes, if they have been read already
 */
export const checkHealth = async (runtime: Runtime, free = runtime.freeBytes()): Promise<Health> => {
  const [database, storage, freeBytes] = await Promise.all([
    probe(() => countTenants(runtime.db)),
    probe(() => runtime.blobs.ready()),
    free,
  ])
  const disk = isFull(freeBytes) ? 'full' : 'ok'
  const works = database === 'ok' && storage === 'ok'
  return {
    status: works ? (disk === 'ok' ? 'ok' : 'degraded') : 'unavailable',
    checks: { database, storage, disk },
  }
}

/** Whether all mail is refused because the disk is full. Unknown free space counts as enough. */
const isFull = (freeBytes: number | null): boolean => freeBytes !== null && freeBytes <= SPACE_RESERVE

const probe = async (check: () => Promise<unknown>): Promise<'ok' | 'unavailable'> => {
  try {
    await check()
    return 'ok'
  } catch {
    return 'unavailable'
  }
}
