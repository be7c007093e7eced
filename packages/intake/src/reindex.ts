import type { Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import { releaseLease, takeLease } from '@mairust/db/queries/lease'
import { findOutdated, type OneMailbox, type RenewedIndex, renewIndexes } from '@mairust/db/queries/reindex'
import type { ObjectIndexer, ObjectTrouble } from './object-indexer.ts'
import { searchWeight } from './search-weight.ts'

/** What reindexing needs. */
export interface ReindexTools {
  readonly database: Pick<Database, 'db' | 'changes'>
  readonly blobs: Pick<BlobStore, 'list' | 'ready'>
  readonly indexer: ObjectIndexer
}

/** The result of a portion, which is on stable storage. */
export interface ReindexedPortion {
  /** How many messages it had; 0 if none are left. */
  readonly messages: number
  readonly indexed: number
  /** Messages whose objects cannot be read. They keep their index, and are not tried again in this version. */
  readonly troubles: readonly { readonly messageId: string; readonly trouble: ObjectTrouble }[]
}

const PORTION = 64
/** Characters of search words in one transaction. Incoming mail may have to wait for it, for a few hundredths of a second. */
const MAX_WEIGHT = 120_000
const JOB = 'reindex'
/** Milliseconds, far longer than a portion takes: how long others wait for a process that died with the lease. */
const LEASE = 60_000

/** Reindexes some messages whose index is outdated or makeshift. Throws if the database or the store fails. */
export async function reindexPortion(
  { database: { db, changes }, blobs, indexer }: ReindexTools,
  mailbox?: OneMailbox,
): Promise<ReindexedPortion> {
  const messages = await findOutdated(db, PORTION, mailbox)
  const results = await Promise.all(
    messages.map(async (message) => ({ message, result: await indexer.index(message) })),
  )
  const troubles = results.flatMap(({ message: { id }, result }) =>
    typeof result === 'string' ? [{ messageId: id, trouble: result }] : [],
  )
  const lost = troubles.filter(({ trouble }) => trouble !== 'unreadable')
  if (lost.length > 0 && lost.length === messages.length) await requireStore(blobs)
  const renewed = results.map(({ message, result }) => ({ message, index: typeof result === 'string' ? null : result }))
  for (const some of inPortions(renewed)) await db.transaction((tx) => renewIndexes(tx, some, changes))
  return { messages: messages.length, indexed: messages.length - troubles.length, troubles }
}

/** Throws if the store is empty: a volume that is not mounted looks like a store that has lost everything. */
async function requireStore(blobs: ReindexTools['blobs']): Promise<void> {
  await blobs.ready()
  for await (const key of blobs.list(new Date())) if (key !== '') return
  throw new Error('the message store is empty; is its volume mounted?')
}

function inPortions(renewed: readonly RenewedIndex[]): RenewedIndex[][] {
  const portions: RenewedIndex[][] = []
  let weight = MAX_WEIGHT
  for (const one of renewed) {
    if (weight >= MAX_WEIGHT) {
      portions.push([])
      weight = 0
    }
    portions.at(-1)?.push(one)
    weight += one.index === null ? 0 : searchWeight(one.index)
  }
  return portions
}

/** The right to reindex, which one process has at a time, so that no work is done twice. */
export interface ReindexLease {
  /** Takes the lease, or renews it for a minute. False while another process has it. */
  readonly take: () => Promise<boolean>
  readonly release: () => Promise<void>
}

/** Makes a lease for a holder. */
export function reindexLease({ db }: Pick<Database, 'db'>, holder: string, now: () => Date): ReindexLease {
  return {
    take: () => takeLease(db, { job: JOB, holder, now: now(), forMs: LEASE }),
    release: () => releaseLease(db, { job: JOB, holder }),
  }
}
