import type { Db } from '../client/db.ts'
import type { Topic } from './topics.ts'

/** Notifies every process on the same database of changes: this process right after the commit, others within half a second. */
export interface Changes {
  /**
   * Announces a change of these topics once the transaction `tx` is committed. On PostgreSQL, `mailbox:` and `queue:` topics are
   * batched and sent after the commit, because NOTIFY inside a transaction makes all commits wait for each other. A crash in between
   * can lose one, so those that need them also look now and then.
   */
  publish(tx: Db, ...topics: Topic[]): Promise<void>
  /**
   * Calls `fn` with each topic that changes. `topic` is a single one, or a prefix and `*` (`mailbox:*`). After an interruption that
   * may have lost changes, calls `fn` with the subscribed `topic`. Returns a function that unsubscribes.
   */
  subscribe(topic: Topic, fn: (topic: Topic) => void): () => void
}

/** The subscriptions behind an implementation of `Changes`. */
export class Subscribers {
  readonly #all = new Set<{ pattern: Topic; fn: (topic: Topic) => void }>()

  add(pattern: Topic, fn: (topic: Topic) => void): () => void {
    const entry = { pattern, fn }
    this.#all.add(entry)
    return () => void this.#all.delete(entry)
  }

  notify(topics: Iterable<Topic>): void {
    for (const topic of topics) {
      for (const { pattern, fn } of this.#all) if (matches(pattern, topic)) queueMicrotask(() => fn(topic))
    }
  }

  /** For when changes may have been missed. */
  notifyAll(): void {
    for (const { pattern, fn } of this.#all) queueMicrotask(() => fn(pattern))
  }
}

function matches(pattern: string, topic: string): boolean {
  return pattern.endsWith('*') ? topic.startsWith(pattern.slice(0, -1)) : pattern === topic
}
