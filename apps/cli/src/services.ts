import { tenantScope } from '@mairust/db/queries/scope'
import type { Runtime, ServiceContext } from '@mairust/api/services'
import type { Database } from '@mairust/db'
import { openExisting } from './existing.ts'
import { type Io, readDataConfig } from './io.ts'

/** What commands on stored data work with. */
interface Store {
  runtime: Runtime
  database: Database
}

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

interface StoreOptions {
  /** Whether to create database and data folder when they do not exist. */
  mayCreate?: boolean | undefined
}

/** Opens database, blobs and keys as the server does, runs `work`, and closes them. */
async function withStore<T>(
  io: Io,
  { mayCreate = false }: StoreOptions,
  work: (store: Store) => Promise<T>,
): Promise<T> {
  const { config } = readDataConfig(io)
  const [{ openDatabase }, { openInstalledStore }, { createRuntime, openMasterKey }] = await Promise.all([
    import('@mairust/db'),
    import('@mairust/db/blob'),
    import('@mairust/api/services'),
  ])
  const database = mayCreate ? await openDatabase(config.database, { migrate: true }) : await openExisting(config)
  try {
    const masterKey = await openMasterKey({ config, db: database.db, now: () => new Date() })
    const blobs = await openInstalledStore(config.storage, database.db)
    const runtime = createRuntime({ config, database, blobs, masterKey, log: silent })
    try {
      return await work({ runtime, database })
    } finally {
      runtime.signer.close()
      await runtime.drafts.close()
    }
  } finally {
    await database.close()
  }
}

/** The installation's tenant; the first command of a new installation creates it. */
async function tenantOf({ db, now }: Runtime): Promise<string> {
  const [{ findFirstTenant, lockTenant }, { SYSTEM_TENANT }, { ensureDefaultTenant }] = await Promise.all([
    import('@mairust/db/queries/tenant'),
    import('@mairust/db/schema'),
    import('@mairust/api/services'),
  ])
  const found = await findFirstTenant(db)
  if (found !== null) return found.id
  return db.transaction(async (tx) => {
    await lockTenant(tx, tenantScope(SYSTEM_TENANT))
    return ensureDefaultTenant(tx, now())
  })
}

/** Runs `work` with full permissions within the installation's tenant. */
export function withServices<T>(
  io: Io,
  work: (ctx: ServiceContext) => Promise<T>,
  options: StoreOptions = {},
): Promise<T> {
  return withStore(io, options, async ({ runtime }) => {
    const { systemContext } = await import('@mairust/api/services')
    return work(systemContext(runtime, await tenantOf(runtime), 'command line'))
  })
}
