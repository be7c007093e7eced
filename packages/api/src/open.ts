import { ensureMasterKey, type Config } from '@mairust/config'
import { openDatabase } from '@mairust/db'
import { openBlobStore } from '@mairust/db/blob'
import { createApi, type Api, type ApiOptions } from './api.ts'
import { createLog } from './log.ts'

/**
 * Opens database and blob store of a configuration and makes the API over them; for apps/web, which may not open them
 * itself. Never migrates: that is the start's work. `close()` closes all of it.
 */
export const createApiFromConfig = async (
  config: Config,
  options: Pick<ApiOptions, 'docsScriptPath' | 'metrics'> = {},
): Promise<Api> => {
  const database = await openDatabase(config.database)
  try {
    const blobs = await openBlobStore(config.storage)
    const log = createLog(config.logging, 'web')
    const api = createApi({ ...options, config, database, blobs, masterKey: ensureMasterKey(config), log })
    return {
      ...api,
      close: async () => {
        await api.close()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
