import type { Database } from '@mairust/db'
import { countJobs, JOB_STATES, type JobResult } from '@mairust/db/queue'
import { Gauge, Histogram, type Registry } from 'prom-client'

/** Registers the metrics of jobs. Returns what counts a run. */
export function jobMetrics(
  { db }: Pick<Database, 'db'>,
  registry: Registry,
): (name: string, result: JobResult, seconds: number) => void {
  const registers = [registry]
  const gauge = new Gauge<'job' | 'state'>({
    name: 'mairust_jobs',
    help: 'Jobs of the installation, by kind and state.',
    labelNames: ['job', 'state'],
    // Every node has the same figure.
    aggregator: 'max',
    registers,
    collect: async () => {
      // Keeps the last values while the database is unreachable.
      const counts = await countJobs(db).catch(() => null)
      if (counts === null) return
      gauge.reset()
      // A kind that has jobs in one state has a figure for each: an alert on a missing one would never end.
      for (const { name } of counts) for (const state of JOB_STATES) gauge.set({ job: name, state }, 0)
      for (const { name, state, count } of counts) gauge.set({ job: name, state }, count)
    },
  })
  const duration = new Histogram({
    name: 'mairust_job_duration_seconds',
    help: 'Time that runs of jobs took, by kind and result.',
    labelNames: ['job', 'result'],
    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300, 3600],
    registers,
  })
  return (job, result, seconds) => duration.observe({ job, result }, seconds)
}
