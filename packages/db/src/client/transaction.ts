import { AsyncLocalStorage } from 'node:async_hooks'
import type { Db } from './db.ts'
import { HandleError, TransactionAbortedError } from './errors.ts'

/** A running transaction or savepoint. */
export class TransactionState {
  readonly depth: number
  readonly committed: (() => void)[] = []
  open = true
  /** A nested transaction is running: only its handle may be used. */
  nested = false
  failure: Error | null = null
  /** Rolling back failed too: the connection's state is unknown. */
  broken = false

  constructor(depth: number) {
    this.depth = depth
  }

  /** Throws when this transaction's handle must not be used now. */
  check(): void {
    if (!this.open) throw new HandleError('this transaction is over; its handle cannot be used any more')
    if (this.nested) throw new HandleError('a nested transaction is running; use its handle')
    if (this.failure !== null) throw new TransactionAbortedError('an earlier statement failed', { cause: this.failure })
  }

  /** Runs a statement. On both databases its failure fails the transaction, as in PostgreSQL. */
  async run<T>(statement: () => T | Promise<T>): Promise<T> {
    this.check()
    try {
      return await statement()
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error))
      throw error
    }
  }
}

/** Tracks which transaction the calling code is in, per open database. */
export class TransactionScope {
  readonly #storage = new AsyncLocalStorage<TransactionState>()

  /** Throws inside a transaction: the outer handle would wait for itself, or miss the transaction's rows. */
  checkOutside(): void {
    if (this.#storage.getStore()?.open === true) {
      throw new HandleError('use the handle given to the transaction, not the outer one')
    }
  }

  /**
   * Runs `fn` between `begin` and `commit` and returns its result; rolls back and rethrows on any failure. The caller runs
   * `state.committed`.
   */
  async within<T>(
    state: TransactionState,
    statements: { begin: string; commit: string; rollback: string },
    exec: (text: string) => void | Promise<void>,
    fn: () => Promise<T>,
  ): Promise<T> {
    try {
      await exec(statements.begin)
      const result = await this.#storage.run(state, fn)
      if (state.failure !== null) throw new TransactionAbortedError('a statement failed', { cause: state.failure })
      state.open = false
      await exec(statements.commit)
      return result
    } catch (error) {
      state.open = false
      try {
        await exec(statements.rollback)
      } catch {
        state.broken = true
      }
      throw error
    }
  }
}

/** Runs `fn` in a savepoint of `parent`; `makeHandle` builds the handle of a state on the same connection. */
export async function nestedTransaction<T>(
  scope: TransactionScope,
  parent: TransactionState,
  exec: (text: string) => void | Promise<void>,
  makeHandle: (state: TransactionState) => Db,
  fn: (tx: Db) => Promise<T>,
): Promise<T> {
  parent.check()
  const state = new TransactionState(parent.depth + 1)
  const name = `s${state.depth}`
  const statements = {
    begin: `savepoint ${name}`,
    commit: `release savepoint ${name}`,
    rollback: `rollback to savepoint ${name}`,
  }
  parent.nested = true
  try {
    const result = await scope.within(state, statements, exec, () => fn(makeHandle(state)))
    parent.committed.push(...state.committed)
    return result
  } catch (error) {
    if (state.broken) parent.failure = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    parent.nested = false
  }
}
