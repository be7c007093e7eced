import type { Db } from '../client/db.ts'
import type { Topic } from './topics.ts'

/**
 * What changed, told to every process on the same database. A change made here is told at once after the commit, one made elsewhere within half a second.
 */
export interface Changes {
  /**
   * Says in the transaction `tx` that these topics change; told when it is committed. On PostgreSQL `mailbox:` topics are sent
   * after the commit, gathered, because NOTIFY inside a transaction makes all commits wait for each other: a crash in between
   * can lose one, so whoever shows a mailbox also looks by itself now and then.
   */
  publish(tx: Db, ...topics: Topic[]): Promise<void>
  /**
   * Calls `fn` with each topic that changes. `topic` is one, or a beginning and `*` (`mailbox:*`). After an interruption in which
   * something may have been missed, `fn` is called with the `topic` it subscribed to. Returns a function that ends it.
   */
  subscribe(topic: Topic, fn: (topic: Topic) => void): () => void
}

/** The part of `Changes` that tells; what an engine stands on. */
export class Subscribers {
  readonly #all = new Set<{ pattern: Topic; fn: (topic: Topic) => void }>()

  add(pattern: Topic, fn: (topic: Topic) => void): () => void {
    const entry = { pattern, fn }
    this.#all.add(entry)
    return () => void this.#all.delete(entry)
  }

  tell(topics: Iterable<Topic>): void {
    for (const topic of topics) {
      for (const { pattern, fn } of this.#all) if (matches(pattern, topic)) queueMicrotask(() => fn(topic))
    }
  }

  /** Something may have been missed. */
  tellAll(): void {
    for (const { pattern, fn } of this.#all) queueMicrotask(() => fn(pattern))
  }
}

function matches(pattern: string, topic: string): boolean {
  return pattern.endsWith('*') ? topic.startsWith(pattern.slice(0, -1)) : pattern === topic
}
