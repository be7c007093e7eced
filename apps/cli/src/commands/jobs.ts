import { type Command, Option } from 'commander'
import type { Io } from '../io.ts'
import { type Format, printOne, printPage } from '../output.ts'
import { withServices } from '../services.ts'
import { resultCommand, wholeNumber } from './kit.ts'

interface ListOptions extends Format {
  state?: 'waiting' | 'running' | 'failed'
  name?: string
  limit?: number
}

async function list(io: Io, { state, name, limit, ...format }: ListOptions): Promise<void> {
  const { listJobs } = await import('@mairust/api/services')
  const page = await withServices(io, (ctx) => listJobs(ctx, { state, name, limit }))
  printPage(io, format, page, {
    ID: (j) => j.id,
    NAME: (j) => j.name,
    STATE: (j) => j.state,
    DUE: (j) => j.run_at,
    ATTEMPTS: (j) => `${j.attempts} of ${j.max_attempts}`,
    KEY: (j) => j.key ?? '-',
    'LAST ERROR': (j) => j.last_error ?? '-',
  })
}

async function retry(io: Io, id: string, format: Format): Promise<void> {
  const { retryJob } = await import('@mairust/api/services')
  const job = await withServices(io, (ctx) => retryJob(ctx, { id }))
  printOne(io, format, job, ({ name }) => `${name} is due now`)
}

async function cancel(io: Io, id: string, format: Format): Promise<void> {
  const { cancelJob } = await import('@mairust/api/services')
  const gone = await withServices(io, (ctx) => cancelJob(ctx, { id }))
  printOne(io, format, gone, () => `cancelled ${id}`)
}

/** `jobs list|retry|cancel`. */
export function addJobs(program: Command, io: Io): void {
  const jobs = program.command('jobs').description('look at the work in the background, and help it')
  resultCommand(jobs, 'list', 'list the jobs that wait, run or have failed, in the order in which they run')
    .addOption(new Option('--state <state>', 'only those in this state').choices(['waiting', 'running', 'failed']))
    .option('--name <name>', 'only this kind of work')
    .option('--limit <n>', 'the most jobs, up to 1000 (default 100)', wholeNumber)
    .action((options: ListOptions) => list(io, options))
  resultCommand(jobs, 'retry <id>', 'run a job now that waits or has failed').action((id: string, format: Format) =>
    retry(io, id, format),
  )
  resultCommand(jobs, 'cancel <id>', 'remove a job that waits or has failed').action((id: string, format: Format) =>
    cancel(io, id, format),
  )
}
