import type { Database as Connection, Statement } from 'better-sqlite3'

/** Statements kept per connection. */
const LIMIT = 500

/** Prepared statements of one connection, least recently used dropped first. Preparing each time would halve the throughput. */
export class Statements {
  readonly #connection: Connection
  readonly #cache = new Map<string, Statement>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  get(text: string): Statement {
    const known = this.#cache.get(text)
    if (known !== undefined) {
      this.#cache.delete(text)
      this.#cache.set(text, known)
      return known
    }
    const statement = this.#connection.prepare(text)
    if (statement.reader) statement.raw(true)
    this.#cache.set(text, statement)
    if (this.#cache.size > LIMIT) {
      const [oldest] = this.#cache.keys()
      if (oldest !== undefined) this.#cache.delete(oldest)
    }
    return statement
  }
}

/** Runs a statement to completion. A write without `returning` returns no rows. */
export function runStatement(statement: Statement, params: readonly unknown[]): unknown[][] {
  const values = params.map(bindable)
  if (statement.reader) return statement.all(...values) as unknown[][]
  statement.run(...values)
  return []
}

/** better-sqlite3 accepts neither booleans nor undefined. */
function bindable(value: unknown): unknown {
  if (value === undefined) return null
  if (typeof value === 'boolean') return value ? 1 : 0
  return value instanceof Date ? value.getTime() : value
}
