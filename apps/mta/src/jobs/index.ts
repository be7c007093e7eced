import { startTimers } from '@mairust/db/queue'
import { createObjectIndexer } from '@mairust/intake'
import type { Part } from '../roles.ts'
import { dkimKeys } from './dkim.ts'
import { jobMetrics } from './metrics.ts'
import { pruning } from './prune.ts'
import { reindexing } from './reindex.ts'

/** Places for what keeps the installation in order: each of these jobs runs alone, and some for hours. */
const UPKEEP = 6

/** Runs jobs, and adds the regular ones. */
export const jobs: Part = {
  name: 'jobs',
  roles: ['jobs'],
  start: async ({ config, masterKey, database, blobs, metrics, log }) => {
    const indexer = createObjectIndexer(config().storage, { size: 1 })
    const upkeep = [
      pruning({ config, database, blobs, log: log.child('prune') }),
      dkimKeys({ config, masterKey, database, log: log.child('dkim') }),
      reindexing({ database, blobs, indexer, registry: metrics.registry, log: log.child('reindex') }),
    ]
    try {
      const work = await database.work({
        lanes: [{ name: 'upkeep', concurrency: UPKEEP, handlers: upkeep.flatMap(({ handlers }) => handlers) }],
        log: log.child('jobs'),
        onResult: jobMetrics(database, metrics.registry),
      })
      const timers = startTimers(
        database.db,
        upkeep.flatMap((one) => one.timers),
        { log: log.child('jobs') },
      )
      return {
        addresses: [],
        checks: { jobs: () => work.check() },
        stop: async (withinMs) => {
          await timers.stop()
          await Promise.all([work.stop(withinMs), indexer.close()])
        },
      }
    } catch (error) {
      await indexer.close()
      throw error
    }
  },
}
