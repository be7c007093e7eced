import { tenantScope } from '@mairust/db/queries/scope'
import { type Config, ConfigError, ensureMasterKey, hasMasterKey, masterKeyFile } from '@mairust/config'
import type { Db } from '@mairust/db'
import { findSetting, putSetting } from '@mairust/db/queries/setting'
import { countTenants } from '@mairust/db/queries/tenant'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import { createKeys } from './keys.ts'

const SYSTEM = tenantScope(SYSTEM_TENANT)
/** The setting with the check value of the key, which shows later whether a key is the same. */
const CHECK = 'master_key_check'

const REMEDY =
  'put the key from your backup there, or set MAIRUST_MASTER_KEY to it; if it is lost for good, "mairust start --new-master-key" starts with a new one, and existing API keys and signed links stop working'

export interface MasterKeyOptions {
  readonly config: Pick<Config, 'security' | 'server'>
  readonly db: Db
  readonly now: () => Date
  /** Accepts the present key, or a new one, for this database from now on. */
  readonly acceptNew?: boolean | undefined
}

/**
 * Opens the master key, or creates one for a new database. A database refuses any other key than the one that it was used with:
 * otherwise API keys would fail without a visible reason.
 * @throws ConfigError with the remedy if the key is missing or is another one
 */
export async function openMasterKey({ config, db, now, acceptNew = false }: MasterKeyOptions): Promise<Buffer> {
  const stored = await findSetting(db, SYSTEM, CHECK)
  if (!hasMasterKey(config) && !acceptNew && (stored !== null || (await countTenants(db)) > 0))
    throw wrong(masterKeyFile(config), `is missing, and the database was used with it; ${REMEDY}`)
  const key = ensureMasterKey(config)
  const check = createKeys(key).derive('master-key-check').toString('base64url')
  if (stored === check) return key
  // Without a stored check value the database is new, or older than the check.
  if (stored !== null && !acceptNew) {
    const place = config.security.master_key === null ? masterKeyFile(config) : 'MAIRUST_MASTER_KEY'
    throw wrong(place, `is not the key that the database was used with; ${REMEDY}`)
  }
  await putSetting(db, SYSTEM, { key: CHECK, value: check, updatedAt: now() })
  return key
}

const wrong = (source: string, message: string): ConfigError =>
  new ConfigError([{ source, path: 'security.master_key', message }])
