/** Another process held SQLite's write lock for too long. Retry later: 451 or 503. */
export class DatabaseBusyError extends Error {
  override readonly name = 'DatabaseBusyError'
}

/** The database cannot be reached, or did not answer in time. Retry later: 451 or 503. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError'
}

/** A search took longer than a search may. The same search will again: it has to be another one. */
export class SearchTooSlowError extends Error {
  override readonly name = 'SearchTooSlowError'
}

/** Too many searches are running or waiting: this one was not begun. */
export class SearchBusyError extends Error {
  override readonly name = 'SearchBusyError'
}

/** The database cannot be opened as configured. The message names the database, the cause, the setting and the remedy. */
export class DatabaseOpenError extends Error {
  override readonly name = 'DatabaseOpenError'
}

/** A statement of this transaction failed and its error was swallowed; the transaction was rolled back. `cause` is that error. */
export class TransactionAbortedError extends Error {
  override readonly name = 'TransactionAbortedError'
}

/** Misuse of a handle: the outer one inside a transaction, or one whose transaction is over. A bug. */
export class HandleError extends Error {
  override readonly name = 'HandleError'
}

/** The database's version does not fit this program. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}

/** The error and its causes, outermost first. */
export function* causesOf(error: unknown): Generator<Error> {
  let current = error
  for (let depth = 0; current instanceof Error && depth < 10; depth += 1) {
    yield current
    current = current.cause
  }
}

/** The driver's code (`SQLITE_BUSY`, `23505`, `ECONNREFUSED`) of an error or one of its causes. */
export function codeOf(error: unknown): string | null {
  for (const cause of causesOf(error)) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code
  }
  return null
}
