import type { Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import { releaseLease, takeLease } from '@mairust/db/queries/lease'
import { findOutdated, type OneMailbox, type RenewedIndex, renewIndexes } from '@mairust/db/queries/reindex'
import type { ObjectIndexer, ObjectTrouble } from './object-indexer.ts'
import { searchWeight } from './search-weight.ts'

/** What indexing anew works on. */
export interface ReindexTools {
  readonly database: Pick<Database, 'db' | 'changes'>
  readonly blobs: Pick<BlobStore, 'list' | 'ready'>
  readonly indexer: ObjectIndexer
}

/** What became of a portion; it is on stable storage. */
export interface ReindexedPortion {
  /** 0 when nothing was left. */
  readonly messages: number
  readonly indexed: number
  /** Messages that keep the index they have: their objects cannot be read. They are not looked at again in this version. */
  readonly troubles: readonly { readonly messageId: string; readonly trouble: ObjectTrouble }[]
}

const PORTION = 64
/** Characters of words written in one transaction, which mail that comes in may have to wait for: a few hundredths of a second. */
const MAX_WEIGHT = 120_000
const JOB = 'reindex'
/** Far longer than a portion takes: who stops without giving it back is waited for no longer. */
const LEASE = 60_000

/** Indexes some messages anew whose index is of an older version, or makeshift. Throws when database or store fail. */
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

/** A volume that is not mounted looks like a store that has lost all. */
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

/** The right to index anew: one process at a time has it, so that none does another's work again. */
export interface ReindexLease {
  /** Takes it, or keeps it for another minute. False while another process has it. */
  readonly take: () => Promise<boolean>
  readonly release: () => Promise<void>
}

/** Makes the lease of a holder. */
export function reindexLease({ db }: Pick<Database, 'db'>, holder: string, now: () => Date): ReindexLease {
  return {
    take: () => takeLease(db, { job: JOB, holder, now: now(), forMs: LEASE }),
    release: () => releaseLease(db, { job: JOB, holder }),
  }
}
