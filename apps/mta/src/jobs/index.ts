import { startTimers } from '@mairust/db/queue'
import { createMessageIndexer, createObjectIndexer, createReturnedReader, startPreparer } from '@mairust/intake'
import { readingReturned } from '../returned/job.ts'
import type { Part } from '../roles.ts'
import { dkimKeys } from './dkim.ts'
import { jobMetrics } from './metrics.ts'
import { pruning } from './prune.ts'
import { reindexing } from './reindex.ts'
import { reporting } from './reports.ts'

/** Places for what keeps the installation in order: each of these jobs runs alone, and some for hours. */
const UPKEEP = 8

/** Runs jobs, and adds the regular ones. */
export const jobs: Part = {
  name: 'jobs',
  roles: ['jobs'],
  start: async ({ config, masterKey, database, blobs, metrics, log }) => {
    const preparer = startPreparer(config().storage)
    const indexer = createObjectIndexer(config().storage, { size: 1 })
    const reader = createReturnedReader()
    const messages = createMessageIndexer()
    const closeWorkers = (): Promise<unknown> =>
      Promise.all([indexer.close(), preparer.close(), reader.close(), messages.close()])
    const upkeep = [
      pruning({ config, database, blobs, log: log.child('prune') }),
      dkimKeys({ config, masterKey, database, log: log.child('dkim') }),
      reporting({ config, database, blobs, preparer, log: log.child('report') }),
      readingReturned({ config, masterKey, database, blobs, reader, indexer: messages, log: log.child('returned') }),
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
          await Promise.all([work.stop(withinMs), closeWorkers()])
        },
      }
    } catch (error) {
      await closeWorkers()
      throw error
    }
  },
}
