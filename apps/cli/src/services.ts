import { ensureMasterKey } from '@mairust/config'
import type { Runtime, ServiceContext } from '@mairust/api/services'
import type { Database } from '@mairust/db'
import { type Io, readConfig } from './io.ts'

/** What a command that works on the store is given. */
export interface Store {
  runtime: Runtime
  database: Database
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** Opens database, blobs and keys as a running server has them, runs `work`, and closes them. */
export async function withStore<T>(io: Io, work: (store: Store) => Promise<T>): Promise<T> {
  const { config } = readConfig(io)
  const [{ openDatabase }, { openBlobStore }, { createRuntime }] = await Promise.all([
    import('@mairust/db'),
    import('@mairust/db/blob'),
    import('@mairust/api/services'),
  ])
  const database = await openDatabase(config.database, { migrate: true })
  try {
    const blobs = await openBlobStore(config.storage)
    const runtime = createRuntime({ config, database, blobs, masterKey: ensureMasterKey(config), log: silent })
    return await work({ runtime, database })
  } finally {
    await database.close()
  }
}

/** The installation's tenant; the first command of a new installation makes it. */
async function tenantOf({ db, now }: Runtime): Promise<string> {
  const [{ findFirstTenant, lockTenant }, { SYSTEM_TENANT }, { ensureDefaultTenant }] = await Promise.all([
    import('@mairust/db/queries/tenant'),
    import('@mairust/db/schema'),
    import('@mairust/api/services'),
  ])
  const found = await findFirstTenant(db)
  if (found !== null) return found.id
  return db.transaction(async (tx) => {
    await lockTenant(tx, { tenantId: SYSTEM_TENANT })
    return ensureDefaultTenant(tx, now())
  })
}

/** Runs `work` with everything allowed within the installation's tenant. */
export function withServices<T>(io: Io, work: (ctx: ServiceContext) => Promise<T>): Promise<T> {
  return withStore(io, async ({ runtime }) => {
    const { systemContext } = await import('@mairust/api/services')
    return work(systemContext(runtime, await tenantOf(runtime), 'command line'))
  })
}
