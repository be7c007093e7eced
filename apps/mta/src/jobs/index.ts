import { createRuntime } from '@mairust/api/services'
import { startTimers } from '@mairust/db/queue'
import { createMessageIndexer, createObjectIndexer, createReturnedReader, startPreparer } from '@mairust/intake'
import { readingReturned } from '../returned/job.ts'
import type { Part } from '../roles.ts'
import { dkimKeys } from './dkim.ts'
import { jobMetrics } from './metrics.ts'
import { pruning } from './prune.ts'
import { reindexing } from './reindex.ts'
import { reporting } from './reports.ts'
import { scheduling } from './scheduled.ts'

/** Places for what keeps the installation in order: each of these jobs runs alone, and some for hours. */
const UPKEEP = 8
/** Scheduled messages that are handed over at once. */
const SCHEDULED = 2

/** Runs jobs, and adds the regular ones. */
export const jobs: Part = {
  name: 'jobs',
  roles: ['jobs'],
  start: async ({ config, masterKey, database, blobs, metrics, log }) => {
    const preparer = startPreparer(config().storage)
    const indexer = createObjectIndexer(config().storage, { size: 1 })
    const reader = createReturnedReader()
    const messages = createMessageIndexer()
    const runtime = createRuntime({ config: config(), database, blobs, masterKey, log: log.child('send') })
    const closeWorkers = (): Promise<unknown> =>
      Promise.all([indexer, preparer, reader, messages].map((one) => one.close()))
    const closeRuntime = async (): Promise<void> => {
      runtime.signer.close()
      await Promise.all([runtime.drafts.close(), runtime.renderer.close()])
    }
    const upkeep = [
      pruning({ config, database, blobs, log: log.child('prune') }),
      dkimKeys({ config, masterKey, database, log: log.child('dkim') }),
      reporting({ config, database, blobs, preparer, log: log.child('report') }),
      readingReturned({ config, masterKey, database, blobs, reader, indexer: messages, log: log.child('returned') }),
      reindexing({ database, blobs, indexer, registry: metrics.registry, log: log.child('reindex') }),
    ]
    try {
      const work = await database.work({
        lanes: [
          { name: 'upkeep', concurrency: UPKEEP, handlers: upkeep.flatMap(({ handlers }) => handlers) },
          { name: 'scheduled', concurrency: SCHEDULED, handlers: scheduling(runtime).handlers },
        ],
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
          await closeRuntime()
        },
      }
    } catch (error) {
      await Promise.all([closeWorkers(), closeRuntime()])
      throw error
    }
  },
}
