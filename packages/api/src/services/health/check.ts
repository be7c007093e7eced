import { SPACE_RESERVE } from '@mairust/db'
import { countTenants } from '@mairust/db/queries/tenant'
import type { Runtime } from '../../context.ts'

export const HEALTH_STATUSES = ['ok', 'degraded', 'unavailable'] as const

/**
 * `degraded`: pages and API work, but all mail is refused for want of room on the disk. It is no reason to keep people out:
 * somebody has to make room.
 */
export interface Health {
  status: (typeof HEALTH_STATUSES)[number]
  checks: { database: 'ok' | 'unavailable'; storage: 'ok' | 'unavailable'; disk: 'ok' | 'full' }
}

/** Asks the database, the blob store and the disk. Says nothing about why not: everybody may ask. */
export const checkHealth = async (runtime: Runtime): Promise<Health> => {
  const [database, storage, freeBytes] = await Promise.all([
    answers(() => countTenants(runtime.db)),
    answers(() => runtime.blobs.ready()),
    runtime.freeBytes(),
  ])
  const disk = isFull(freeBytes) ? 'full' : 'ok'
  const works = database === 'ok' && storage === 'ok'
  return {
    status: works ? (disk === 'ok' ? 'ok' : 'degraded') : 'unavailable',
    checks: { database, storage, disk },
  }
}

/** Whether all mail is refused for want of room. When the system cannot tell, it is not. */
const isFull = (freeBytes: number | null): boolean => freeBytes !== null && freeBytes <= SPACE_RESERVE

const answers = async (ask: () => Promise<unknown>): Promise<'ok' | 'unavailable'> => {
  try {
    await ask()
    return 'ok'
  } catch {
    return 'unavailable'
  }
}
