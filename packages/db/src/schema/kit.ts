import { sql } from 'drizzle-orm'
import * as pg from 'drizzle-orm/pg-core'
import * as lite from 'drizzle-orm/sqlite-core'

/** Byte order, so that ids and names sort alike on both databases and keyset paging never depends on a locale. */
const pgText = pg.customType<{ data: string; driverData: string }>({ dataType: () => 'text collate "C"' })

/**
 * The column kit of PostgreSQL. Entities are written against its types, which the whole package uses; the SQLite kit below has the
 * same keys and is cast to it once.
 */
export const pgKit = {
  table: pg.pgTable,
  /** One of our ids (`msg_…`), ordered by bytes. */
  id: () => pgText(),
  text: () => pgText(),
  oneOf: <const V extends readonly [string, ...string[]]>(values: V) =>
    pg.text({ enum: values as unknown as [V[number], ...V[number][]] }),
  int: () => pg.integer(),
  /** Bytes and other counts beyond 2³¹. */
  size: () => pg.bigint({ mode: 'number' }),
  real: () => pg.doublePrecision(),
  bool: () => pg.boolean(),
  time: () => pg.timestamp({ mode: 'date', withTimezone: true, precision: 3 }),
  json: <T>() => pg.jsonb().$type<T>(),
  index: pg.index,
  uniqueIndex: pg.uniqueIndex,
  primaryKey: pg.primaryKey,
  foreignKey: pg.foreignKey,
  sql,
}

/** The column kit that entity files are written against. */
export type Kit = typeof pgKit

/** The column kit of SQLite. Cast: every key builds a column of the same JavaScript type as its PostgreSQL counterpart. */
export const sqliteKit = {
  table: lite.sqliteTable,
  id: () => lite.text(),
  text: () => lite.text(),
  oneOf: (values: readonly [string, ...string[]]) => lite.text({ enum: values as [string, ...string[]] }),
  int: () => lite.integer(),
  size: () => lite.integer(),
  real: () => lite.real(),
  bool: () => lite.integer({ mode: 'boolean' }),
  time: () => lite.integer({ mode: 'timestamp_ms' }),
  json: () => lite.text({ mode: 'json' }),
  index: lite.index,
  uniqueIndex: lite.uniqueIndex,
  primaryKey: lite.primaryKey,
  foreignKey: lite.foreignKey,
  sql,
} satisfies Record<keyof Kit, unknown> as unknown as Kit
