import { type Column, getTableColumns, getTableName, type SQL, sql, type Table } from 'drizzle-orm'
import { toSnakeCase } from 'drizzle-orm/casing'
import { type Db, channelOf, runSql } from '../client/db.ts'

/** Most parameters of one statement; PostgreSQL allows 65535, SQLite 32766. */
const MAX_PARAMS = 30_000

interface Shape {
  head: string
  columns: [key: string, column: Column][]
}
const shapes = new WeakMap<Table, Shape>()

function shapeOf(table: Table): Shape {
  const known = shapes.get(table)
  if (known !== undefined) return known
  const columns = Object.entries(getTableColumns(table))
  const names = columns.map(([, { name }]) => `"${toSnakeCase(name)}"`).join(', ')
  const shape = { head: `insert into "${getTableName(table)}" (${names}) values `, columns }
  shapes.set(table, shape)
  return shape
}

/**
 * Inserts whole rows the fast way: writes every column (null where a row has no value; database defaults do not apply). SQLite runs
 * one prepared statement per row, which is cheaper there than one for many rows; PostgreSQL gets them in one.
 */
export async function insertRows<T extends Table>(tx: Db, table: T, rows: readonly T['$inferSelect'][]): Promise<void> {
  const { head, columns } = shapeOf(table)
  const channel = channelOf(tx)
  const valuesOf = (row: Record<string, unknown>): unknown[] =>
    columns.map(([key, column]) => {
      const value = row[key]
      return value === null || value === undefined ? null : column.mapToDriverValue(value)
    })
  if (tx.dialect === 'sqlite') {
    const text = `${head}(${columns.map(() => '?').join(', ')})`
    for (const row of rows) await channel.all(text, valuesOf(row))
    return
  }
  const most = Math.floor(MAX_PARAMS / columns.length)
  for (let from = 0; from < rows.length; from += most) {
    const some = rows.slice(from, from + most)
    const tuples = some.map(
      (_, row) => `(${columns.map((_column, at) => `$${row * columns.length + at + 1}`).join(', ')})`,
    )
    await channel.all(head + tuples.join(', '), some.flatMap(valuesOf))
  }
}

/**
 * Runs an `update … from` over a table of values, in as many statements as the parameters need; returns all rows. The table's
 * columns are `column1`, `column2` … on both databases; `columns` define the types.
 */
export async function updateFrom(
  tx: Db,
  columns: readonly Column[],
  rows: readonly (readonly unknown[])[],
  statement: (values: SQL) => SQL,
): Promise<unknown[][]> {
  const most = Math.floor(MAX_PARAMS / columns.length)
  const results: unknown[][] = []
  for (let from = 0; from < rows.length; from += most) {
    const values = valuesTable(columns, rows.slice(from, from + most))
    for (const row of await runSql(tx, statement(values))) results.push(row)
  }
  return results
}

function valuesTable(columns: readonly Column[], rows: readonly (readonly unknown[])[]): SQL {
  const cell = (value: unknown, column: Column): SQL => {
    // A cast cannot contain a collation; the compared column supplies it.
    const type = column.getSQLType().replace(/ collate .*/, '')
    return sql`cast(${sql.param(value, column)} as ${sql.raw(type)})`
  }
  const tuples = rows.map((row) => {
    const cells = columns.map((column, at) => cell(row[at], column))
    return sql`(${sql.join(cells, sql`, `)})`
  })
  return sql`(values ${sql.join(tuples, sql`, `)})`
}
