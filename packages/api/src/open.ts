import { ensureMasterKey, type Config } from '@mairust/config'
import { openDatabase } from '@mairust/db'
import { openBlobStore } from '@mairust/db/blob'
import { createApi, type Api, type ApiOptions } from './api.ts'
import { AppError } from './errors.ts'
import { newRequestId } from './http/open-request.ts'
import { createLog } from '@mairust/log'
import { errorAnswer } from './rest/answer.ts'

/** The answer to every request while `createApiFromConfig` fails: 503 with the API's error body. */
export const unavailableAnswer = (cause: unknown): Response =>
  errorAnswer(new AppError('UNAVAILABLE', 'The server is not ready yet; try again.', { cause }), newRequestId())

/**
 * Opens the database and blob store of a configuration and makes the API for them; for apps/web, which may not open them
 * itself. It does not migrate the database: the start does that. `close()` closes everything.
 */
export const createApiFromConfig = async (
  config: Config,
  options: Pick<ApiOptions, 'docsScriptPath' | 'metrics' | 'known'> = {},
): Promise<Api> => {
  const database = await openDatabase(config.database)
  try {
    const blobs = await openBlobStore(config.storage)
    const log = createLog({ ...config.logging, component: 'web', sync: true })
    const api = createApi({ ...options, config, database, blobs, masterKey: ensureMasterKey(config), log })
    return {
      ...api,
      reload: (next) => {
        api.reload(next)
        log.setLevel(next.logging.level)
      },
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
