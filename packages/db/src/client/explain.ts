import type { DatabaseOptions } from './options.ts'
import {
  causesOf,
  codeOf,
  DatabaseBusyError,
  DatabaseOpenError,
  DatabaseUnavailableError,
  MigrationError,
} from './errors.ts'

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

/** What is wrong with a PostgreSQL, by SQLSTATE, and what to do. */
const BY_STATE: Readonly<Record<string, (place: Place, reason: string) => string>> = {
  '28P01': refusedUser,
  '28000': refusedUser,
  '3D000': ({ name }) => `has no database ${name}; create it (createdb ${name}), or set another one in ${SETTING}`,
  '42501': ({ user, name }, reason) =>
    `does not allow the user ${user} to create tables (${reason}); make that user the owner of ${name}`,
  '42P07': ({ name }, reason) =>
    `has tables of another program in ${name} (${reason}); create a database for MaiRust alone, and set it in ${SETTING}`,
  '53300': (_, reason) =>
    `has no connection left (${reason}); raise its max_connections or the limit of the user, or lower database.max_connections`,
  '57P03': (_, reason) => `takes no connections at the moment (${reason}); start MaiRust again when it does`,
  '25006': (_, reason) => `is read-only (${reason}); set the primary server in ${SETTING}, not a standby`,
}

/** What is wrong with a PostgreSQL when no SQLSTATE says it, by code and text of the driver's error. */
const BY_TEXT: readonly (readonly [RegExp, (place: Place, reason: string) => string])[] = [
  [/client password must be/, ({ user }) => `asks for the password of ${user}, and ${SETTING} has none; add it`],
  [
    /not support SSL/,
    () => `does not offer TLS, which ${SETTING} asks for; switch it on there (ssl = on), or remove sslmode`,
  ],
  [
    /CERT|VERIFY|self-signed/i,
    (_, reason) =>
      `has a certificate that is not trusted (${reason}); add sslrootcert=FILE with its authority to ${SETTING}, or sslmode=no-verify to encrypt without checking it`,
  ],
]

function refusedUser({ user }: Place, reason: string): string {
  return `refused the user ${user} (${reason}); correct the user or password in ${SETTING}`
}

function ofPostgres(url: string, cause: unknown): unknown {
  const place = placeOf(url)
  if (place === null)
    return new DatabaseOpenError(`${SETTING} is not a valid URL; use postgres://user:password@host:5432/name`, {
      cause,
    })
  if (cause instanceof DatabaseOpenError || cause instanceof MigrationError) return cause
  const code = codeOf(cause)
  const reason = rootMessage(cause)
  const told = (explain: string): Error => {
    const Class = cause instanceof DatabaseUnavailableError ? DatabaseUnavailableError : DatabaseOpenError
    return new Class(`PostgreSQL at ${place.server} ${explain}`, { cause })
  }
  const known = BY_STATE[code ?? ''] ?? BY_TEXT.find(([text]) => text.test(`${code ?? ''} ${reason}`))?.[1]
  if (known !== undefined) return told(known(place, reason))
  if (cause instanceof DatabaseUnavailableError)
    return told(`is not responding (${code ?? reason}); start it, or correct the address in ${SETTING}`)
  // A file that the URL names, such as sslrootcert.
  if (cause instanceof Error && 'syscall' in cause && cause.syscall === 'open')
    return new DatabaseOpenError(`${SETTING} names a file that cannot be read (${reason})`, { cause })
  // SQLSTATE: what the server says. Anything else is a bug.
  return /^[0-9A-Z]{5}$/.test(code ?? '') ? told(`refused to work (${reason}); see its log, and ${SETTING}`) : cause
}

interface Place {
  readonly server: string
  readonly user: string
  readonly name: string
}

/** The parts of a URL without its password; null when it is not one. */
function placeOf(url: string): Place | null {
  try {
    // Without a host it names a socket.
    const { hostname, port, username, pathname, searchParams } = new URL(url.replace('@/', '@localhost/'))
    const host = searchParams.get('host') ?? hostname
    const user = decodeURIComponent(username) || 'of this process'
    return {
      server: `${host === '' ? 'localhost' : host}:${port || (searchParams.get('port') ?? '5432')}`,
      user,
      name: decodeURIComponent(pathname.slice(1)) || user,
    }
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
  // SQLite says no more of a full tmpfs, a quota or a broken disk.
  if (code.startsWith('SQLITE_IOERR'))
    return new DatabaseOpenError(
      `${path} cannot be read or written (${code}): its volume is full or failing; see df and dmesg, ${other}`,
      { cause },
    )
  if (/^SQLITE_(?:NOTADB|CORRUPT)/.test(code))
    return new DatabaseOpenError(
      `${path} is damaged or is not an SQLite database (${code}); restore it from a backup, ${other}`,
      { cause },
    )
  return cause
}

/** The message of the innermost cause: what the server or the system said. */
const rootMessage = (error: unknown): string => [...causesOf(error)].at(-1)?.message ?? String(error)
