import { AsyncLocalStorage } from 'node:async_hooks'
import { HandleError, TransactionAbortedError } from './errors.ts'

/** A running transaction. */
export class TransactionState {
  readonly committed: (() => void)[] = []
  open = true
  failure: Error | null = null
  /** Rolling back failed too: the connection's state is unknown. */
  broken = false

  /** Throws when this transaction's handle must not be used now. */
  check(): void {
    if (!this.open) throw new HandleError('this transaction is over; its handle cannot be used any more')
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

/** The `transaction` of a handle in a transaction: a savepoint would go on without the transaction after a full disk on SQLite. */
export const refuseNesting = (): Promise<never> => Promise.reject(new HandleError('transactions do not nest'))
