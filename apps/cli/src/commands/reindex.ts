import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ServiceContext } from '@mairust/api/services'
import type { ObjectTrouble } from '@mairust/intake'
import type { Command } from 'commander'
import { CliError } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Format, printOne } from '../output.ts'
import { startProgress } from '../progress.ts'
import { withServices } from '../services.ts'
import { resultCommand } from './kit.ts'
import { namedMailbox } from './named.ts'

interface ReindexOptions extends Format {
  mailbox?: string
  all?: boolean
}

type Mailbox = { tenantId: string; mailboxId: string }
type Result = Record<ObjectTrouble | 'indexed', number>

/** How many messages that could not be indexed are named. */
const MAX_NAMED = 20
const TRY_LEASE_MS = 100
/** A little longer than the lease of a killed process lasts. */
const MAX_WAIT_MS = 70_000
const THREADS = 2

/** Waits until no other process reindexes: a server releases the lease after each portion. */
async function takeTurn(io: Io, take: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  for (let waited = 0; !(await take()) && !signal.aborted; waited += TRY_LEASE_MS) {
    if (waited === 10 * TRY_LEASE_MS) io.err('waiting for another process that is reindexing\n')
    if (waited >= MAX_WAIT_MS) throw new CliError('another reindex is running; run this again when it is done')
    await sleep(TRY_LEASE_MS)
  }
}

async function reindex(
  io: Io,
  ctx: ServiceContext,
  { mailbox, all, signal }: { mailbox: Mailbox | undefined; all: boolean; signal: AbortSignal },
): Promise<Result> {
  const [{ createObjectIndexer, reindexLease, reindexPortion }, { countOutdated, markOutdated }] = await Promise.all([
    import('@mairust/intake'),
    import('@mairust/db/queries/reindex'),
  ])
  const { db, blobs, config, now } = ctx
  const indexer = createObjectIndexer(config.storage, { size: THREADS })
  const lease = reindexLease({ db }, randomUUID(), now)
  const result: Result = { indexed: 0, missing: 0, damaged: 0, unreadable: 0 }
  const progress = startProgress(io)
  let processed = 0
  try {
    await takeTurn(io, lease.take, signal)
    if (all) await markOutdated(db, mailbox, signal)
    const total = await countOutdated(db, mailbox)
    for (let left = true; left && !signal.aborted;) {
      await takeTurn(io, lease.take, signal)
      const portion = await reindexPortion({ database: ctx, blobs, indexer }, mailbox)
      left = portion.messages > 0
      processed += portion.messages
      result.indexed += portion.indexed
      for (const { messageId, trouble } of portion.troubles) {
        result[trouble] += 1
        if (processed - result.indexed <= MAX_NAMED) io.err(`not indexed: ${messageId} (${trouble})\n`)
      }
      progress.tell(processed, `${processed} of ${Math.max(total, processed)} messages`)
    }
  } finally {
    progress.end()
    await lease.release()
    await indexer.close()
  }
  if (signal.aborted) throw new CliError(`stopped after ${processed} messages; run this again to continue`)
  return result
}

/** A signal that is aborted by SIGINT and SIGTERM, so that the command can stop in order. */
function untilTold(): { signal: AbortSignal; end: () => void } {
  const told = new AbortController()
  const abort = (): void => told.abort()
  const names = ['SIGINT', 'SIGTERM'] as const
  for (const name of names) process.once(name, abort)
  return {
    signal: told.signal,
    end: () => {
      for (const name of names) process.off(name, abort)
    },
  }
}

function asText({ indexed, missing, damaged, unreadable }: Result): string {
  const troubles = Object.entries({ missing, damaged, unreadable }).flatMap(([name, count]) =>
    count === 0 ? [] : [`${count} ${name}`],
  )
  return `indexed ${indexed} message${indexed === 1 ? '' : 's'}${troubles.length === 0 ? '' : `; left as they were: ${troubles.join(', ')}`}`
}

async function run(io: Io, { mailbox: named, all = false, ...format }: ReindexOptions): Promise<void> {
  const { signal, end } = untilTold()
  try {
    const result = await withServices(io, async (ctx) => {
      const { tenantId } = ctx.actor
      const mailbox = named === undefined ? undefined : { tenantId, mailboxId: (await namedMailbox(ctx, named)).id }
      return reindex(io, ctx, { mailbox, all, signal })
    })
    printOne(io, format, result, asText)
    const failed = result.missing + result.damaged + result.unreadable
    if (failed > 0) throw new CliError(`messages that could not be indexed: ${failed}`)
  } finally {
    end()
  }
}

/** `reindex [--mailbox ADDRESS] [--all]`. */
export function addReindex(program: Command, io: Io): void {
  resultCommand(
    program,
    'reindex',
    'reindex messages that an older version has indexed; if stopped, run it again to continue',
  )
    .option('--mailbox <address>', 'only the messages of this mailbox')
    .option('--all', 'also messages whose index is of this version')
    .action((options: ReindexOptions) => run(io, options))
}
