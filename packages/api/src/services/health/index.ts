import { countTenants } from '@mairust/db/queries/tenant'
import type { Runtime } from '../../context.ts'

export interface Health {
  status: 'ok' | 'unavailable'
  checks: Record<'database' | 'storage', 'ok' | 'unavailable'>
}

/** Asks the database and the blob store whether they answer. Says nothing about why not: everybody may ask. */
export const checkHealth = async (runtime: Runtime): Promise<Health> => {
  const [database, storage] = await Promise.all([
    answers(() => countTenants(runtime.db)),
    answers(() => runtime.blobs.ready()),
  ])
  return { status: database === 'ok' && storage === 'ok' ? 'ok' : 'unavailable', checks: { database, storage } }
}

const answers = async (ask: () => Promise<unknown>): Promise<'ok' | 'unavailable'> => {
  try {
    await ask()
    return 'ok'
  } catch {
    return 'unavailable'
  }
}
