import { startTimers } from '@mairust/db/queue'
import { createObjectIndexer, startPreparer } from '@mairust/intake'
import type { Part } from '../roles.ts'
import { dkimKeys } from './dkim.ts'
import { jobMetrics } from './metrics.ts'
import { pruning } from './prune.ts'
import { reindexing } from './reindex.ts'
import { reporting } from './reports.ts'

/** Places for what keeps the installation in order: each of these jobs runs alone, and some for hours. */
const UPKEEP = 7

/** Runs jobs, and adds the regular ones. */
export const jobs: Part = {
  name: 'jobs',
  roles: ['jobs'],
  start: async ({ config, masterKey, database, blobs, metrics, log }) => {
    const preparer = startPreparer(config().storage)
    const indexer = createObjectIndexer(config().storage, { size: 1 })
    const upkeep = [
      pruning({ config, database, blobs, log: log.child('prune') }),
      dkimKeys({ config, masterKey, database, log: log.child('dkim') }),
      reporting({ config, database, blobs, preparer, log: log.child('report') }),
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
          await Promise.all([work.stop(withinMs), indexer.close(), preparer.close()])
        },
      }
    } catch (error) {
      await Promise.all([indexer.close(), preparer.close()])
      throw error
    }
  },
}
