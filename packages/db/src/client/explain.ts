import type { DatabaseOptions } from './options.ts'
import { codeOf, DatabaseBusyError, DatabaseOpenError, DatabaseUnavailableError } from './errors.ts'

/**
 * Opens a database and turns failures into a sentence that names the database, the cause, the setting and the remedy.
 * DatabaseUnavailableError and DatabaseBusyError keep their classes, so that callers can retry.
 */
export async function opening<T>(options: DatabaseOptions, open: () => Promise<T>): Promise<T> {
  try {
    return await open()
  } catch (error) {
    throw options.backend === 'postgres' ? ofPostgres(options.url, error) : ofSqlite(options.path, error)
  }
}

const SETTING = 'database.url (DATABASE_URL)'
const REFUSED = new Set(['28P01', '28000'])

function ofPostgres(url: string, cause: unknown): unknown {
  const place = placeOf(url)
  if (place === null)
    return new DatabaseOpenError(`${SETTING} is not a valid URL; use postgres://user:password@host:5432/name`, {
      cause,
    })
  const { server, user, name } = place
  const code = codeOf(cause)
  const why = code ?? messageOf(cause)
  if (cause instanceof DatabaseUnavailableError)
    return new DatabaseUnavailableError(
      `PostgreSQL at ${server} is not responding (${why}); start it, or correct the address in ${SETTING}`,
      { cause },
    )
  if (code !== null && REFUSED.has(code))
    return new DatabaseOpenError(
      `PostgreSQL at ${server} refused the user ${user} (${messageOf(cause)}); correct the user or password in ${SETTING}`,
      { cause },
    )
  if (code === '3D000')
    return new DatabaseOpenError(
      `PostgreSQL at ${server} has no database ${name}; create it (createdb ${name}), or set another one in ${SETTING}`,
      { cause },
    )
  if (code === '42501')
    return new DatabaseOpenError(
      `PostgreSQL at ${server} does not allow the user ${user} to create tables (${messageOf(cause)}); make that user the owner of ${name}`,
      { cause },
    )
  return cause
}

/** The parts of a URL without its password; null when it is not one. */
function placeOf(url: string): { server: string; user: string; name: string } | null {
  try {
    const { hostname, port, username, pathname, searchParams } = new URL(url)
    const host = hostname === '' ? (searchParams.get('host') ?? 'localhost') : hostname
    const user = decodeURIComponent(username) || 'of this process'
    return { server: `${host}:${port || '5432'}`, user, name: decodeURIComponent(pathname.slice(1)) || user }
  } catch {
    return null
  }
}

function ofSqlite(path: string, cause: unknown): unknown {
  const code = codeOf(cause) ?? ''
  const other = 'or set database.path (DATABASE_URL) to another file'
  if (cause instanceof DatabaseBusyError)
    return new DatabaseBusyError(`${path}: ${cause.message}; stop that process, ${other}`, { cause })
  if (/^(?:SQLITE_(?:CANTOPEN|READONLY|PERM|AUTH)|E(?:ACCES|PERM|ROFS))/.test(code))
    return new DatabaseOpenError(
      `${path} cannot be written to (${code}); make the user that MaiRust runs as the owner of the file and its folder, ${other}`,
      { cause },
    )
  if (/^(?:SQLITE_FULL|ENOSPC|EDQUOT)/.test(code))
    return new DatabaseOpenError(`There is no disk space left for ${path} (${code}); free some space, ${other}`, {
      cause,
    })
  if (/^SQLITE_(?:NOTADB|CORRUPT)/.test(code))
    return new DatabaseOpenError(
      `${path} is damaged or is not an SQLite database (${code}); restore it from a backup, ${other}`,
      { cause },
    )
  return cause
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
