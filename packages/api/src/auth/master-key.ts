import { tenantScope } from '@mairust/db/queries/scope'
import { type Config, ConfigError, ensureMasterKey, hasMasterKey, masterKeyFile } from '@mairust/config'
import type { Db } from '@mairust/db'
import { findSetting, putSetting } from '@mairust/db/queries/setting'
import { countTenants } from '@mairust/db/queries/tenant'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import { createKeys } from './keys.ts'

const SYSTEM = tenantScope(SYSTEM_TENANT)
/** What a key's check value is kept under: by it one sees later whether a key is the same. */
const CHECK = 'master_key_check'

const REMEDY =
  'put the one from your backup there, or set MAIRUST_MASTER_KEY to it; if it is lost for good, "mairust start --new-master-key" goes on with a new one, and API keys and signed links made before end'

export interface MasterKeyOptions {
  readonly config: Pick<Config, 'security' | 'server'>
  readonly db: Db
  readonly now: () => Date
  /** Takes whatever key there is, or a new one, for this database from now on. */
  readonly acceptNew?: boolean | undefined
}

/**
 * The master key of a configuration, which is made with a new database. A database that was used with a key takes no other: what
 * the key protects could not be read, and nobody would know why.
 * @throws ConfigError with the remedy when the key is missing or another one
 */
export async function openMasterKey({ config, db, now, acceptNew = false }: MasterKeyOptions): Promise<Buffer> {
  const stored = await findSetting(db, SYSTEM, CHECK)
  if (!hasMasterKey(config) && !acceptNew && (stored !== null || (await countTenants(db)) > 0))
    throw wrong(masterKeyFile(config), `is missing, and the database was used with it; ${REMEDY}`)
  const key = ensureMasterKey(config)
  const check = createKeys(key).derive('master-key-check').toString('base64url')
  if (stored === check) return key
  // One that is not checked yet: a new database, or one of before there were checks.
  if (stored !== null && !acceptNew) {
    const place = config.security.master_key === null ? masterKeyFile(config) : 'MAIRUST_MASTER_KEY'
    throw wrong(place, `is not the key that the database was used with; ${REMEDY}`)
  }
  await putSetting(db, SYSTEM, { key: CHECK, value: check, updatedAt: now() })
  return key
}

const wrong = (source: string, message: string): ConfigError =>
  new ConfigError([{ source, path: 'security.master_key', message }])
