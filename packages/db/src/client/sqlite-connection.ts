import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Connection from 'better-sqlite3'
import { retryBusy } from './retry.ts'

/** The durability promised by a 250 depends on these. */
const REQUIRED: readonly [name: string, value: unknown][] = [
  ['journal_mode', 'wal'],
  ['synchronous', 2], // FULL
  ['foreign_keys', 1],
  ['busy_timeout', 0],
]

/** Opens the write connection and checks that it accepted the settings above. Creates a missing folder. */
export async function openWriter(path: string): Promise<Connection.Database> {
  mkdirSync(dirname(path), { recursive: true })
  return retryBusy(() => {
    const connection = new Connection(path, { timeout: 0 })
    try {
      for (const [name, value] of REQUIRED) {
        connection.pragma(`${name} = ${String(value)}`)
        const found = connection.pragma(name, { simple: true })
        if (found !== value) throw new Error(`SQLite did not take ${name} = ${String(value)}; it is ${String(found)}`)
      }
      connection.pragma('temp_store = memory')
      return connection
    } catch (error) {
      connection.close()
      throw error
    }
  })
}

/** Opens a read-only connection; the file must exist. */
export async function openReader(path: string): Promise<Connection.Database> {
  return retryBusy(() => new Connection(path, { timeout: 0, readonly: true, fileMustExist: true }))
}

/** Opens the two connections of a process. */
export async function openConnections(
  path: string,
): Promise<{ writer: Connection.Database; reader: Connection.Database }> {
  const writer = await openWriter(path)
  try {
    return { writer, reader: await openReader(path) }
  } catch (error) {
    writer.close()
    throw error
  }
}
