import { getTableConfig, type SQLiteTable } from 'drizzle-orm/sqlite-core'
import { sqliteTables } from '../schema/sqlite.ts'
import { toSnakeCase } from 'drizzle-orm/casing'
import { causesOf, codeOf } from '../client/errors.ts'

/** Index or key names by `table.column, table.column`, as SQLite reports violations. */
let indexNames: Map<string, string> | null = null

function namesOnSqlite(): Map<string, string> {
  if (indexNames !== null) return indexNames
  indexNames = new Map()
  for (const table of Object.values(sqliteTables) as unknown as SQLiteTable[]) {
    const { name, indexes, primaryKeys } = getTableConfig(table)
    const keyOf = (columns: readonly unknown[]): string =>
      columns.map((column) => `${name}.${toSnakeCase((column as { name: string }).name)}`).join(', ')
    for (const { config } of indexes) if (config.unique) indexNames.set(keyOf(config.columns), config.name)
    for (const key of primaryKeys) indexNames.set(keyOf(key.columns), key.getName())
  }
  return indexNames
}

/** Whether the error means that a row with these values exists already; with `indexName`, only in that unique index or key. */
export function isUniqueViolation(error: unknown, indexName?: string): boolean {
  const code = codeOf(error)
  if (code === '23505') return indexName === undefined || constraintOf(error) === indexName
  if (code !== 'SQLITE_CONSTRAINT_UNIQUE' && code !== 'SQLITE_CONSTRAINT_PRIMARYKEY') return false
  if (indexName === undefined) return true
  return [...causesOf(error)].some(({ message }) => {
    const columns = /UNIQUE constraint failed: (.+)$/.exec(message)?.[1]
    return columns !== undefined && namesOnSqlite().get(columns) === indexName
  })
}

/** Whether the error means that a row references a missing one, or that a referenced row would be removed. */
export function isForeignKeyViolation(error: unknown): boolean {
  const code = codeOf(error)
  return (
    code === '23503' ||
    code === '23001' ||
    code === 'SQLITE_CONSTRAINT_FOREIGNKEY' ||
    code === 'SQLITE_CONSTRAINT_TRIGGER'
  )
}

/** Whether PostgreSQL aborted the transaction in favour of another (deadlock, serialisation failure): a retry may succeed. */
export function isTransactionConflict(error: unknown): boolean {
  const code = codeOf(error)
  return code === '40P01' || code === '40001'
}

/** Whether the database has no space left to write (452 4.3.1). */
export function isDiskFull(error: unknown): boolean {
  const code = codeOf(error)
  return code === '53100' || code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT'
}

function constraintOf(error: unknown): string | null {
  for (const cause of causesOf(error)) {
    if ('constraint' in cause && typeof cause.constraint === 'string') return cause.constraint
  }
  return null
}
