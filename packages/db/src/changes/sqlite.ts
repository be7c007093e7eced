import { sql } from 'drizzle-orm'
import { channelOf, type Db, runSql } from '../client/db.ts'
import { inPortions } from '../dialect/portions.ts'
import { type Changes, Subscribers } from './changes.ts'
import type { Topic } from './topics.ts'

const POLL_MS = 250
/** A reader further behind than this is told that it may have missed changes; older topics of single things are pruned. */
const KEPT = 10_000
/** The table is pruned once per this many counts. */
const PRUNE_EVERY = 1000

/** Runs a statement on the read connection. */
export type Read = (text: string, params: readonly unknown[]) => unknown[][]

/**
 * Changes over a SQLite file: polls `PRAGMA data_version` every 250 ms to notice a write; the table `changes` says what changed.
 * `onWrite` is called after whatever another process has written.
 */
export function sqliteChanges(read: Read, onWrite: () => void = () => undefined): Changes & { stop: () => void } {
  const subscribers = new Subscribers()
  /** Topics already delivered in this process, by counter. */
  const own = new Map<number, Set<Topic>>()
  let version: unknown = null
  let last: number | null = null

  const max = (): number => Number(read('select coalesce(max(counter), 0) from changes', [])[0]?.[0] ?? 0)

  const poll = (): void => {
    const now = read('pragma data_version', [])[0]?.[0]
    if (now === version && last !== null) return
    const before = last
    const newest = max()
    if (before !== null) {
      if (newest - before >= KEPT || newest < before) subscribers.notifyAll()
      else {
        const rows = read('select topic, counter from changes where counter > ?', [before])
        subscribers.notify(
          rows.filter(([topic, counter]) => !isOwn(topic as Topic, Number(counter))).map(([topic]) => topic as Topic),
        )
      }
    }
    for (const counter of own.keys()) if (counter <= newest) own.delete(counter)
    last = newest
    version = now
    onWrite()
  }

  const isOwn = (topic: Topic, counter: number): boolean => own.get(counter)?.has(topic) === true

  const pollSafely = (): void => {
    try {
      poll()
    } catch {
      // Busy, or not migrated yet: the next poll retries.
    }
  }
  pollSafely()
  const timer = setInterval(pollSafely, POLL_MS)
  timer.unref()

  return {
    subscribe: (topic, fn) => subscribers.add(topic, fn),
    publish: async (tx: Db, ...topics) => {
      if (topics.length === 0) return
      const { changes } = tx.tables
      const names = [...new Set(topics)]
      const [row] = await runSql(tx, sql`select coalesce(max(${changes.counter}), 0) + 1 from ${changes}`)
      const counter = Number(row?.[0])
      for (const some of inPortions(names)) {
        await tx
          .insert(changes)
          .values(some.map((topic) => ({ topic, counter })))
          .onConflictDoUpdate({ target: changes.topic, set: { counter: sql`excluded.counter` } })
      }
      if (counter % PRUNE_EVERY === 0) {
        await runSql(tx, sql`delete from ${changes} where topic glob ${'*:*:*'} and counter < ${counter - KEPT}`)
      }
      channelOf(tx).afterCommit(() => {
        own.set(counter, new Set(names))
        subscribers.notify(names)
      })
    },
    stop: () => clearInterval(timer),
  }
}
