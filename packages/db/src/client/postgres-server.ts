import { DatabaseOpenError } from './errors.ts'

const OLDEST = 140_000

interface ServerSettings {
  readonly version: number
  readonly encoding: string
  readonly synchronous_commit: string
  readonly read_only: string
}

const SETTINGS = `select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
  current_setting('synchronous_commit') as synchronous_commit, current_setting('transaction_read_only') as read_only`

/**
 * Checks that a PostgreSQL can keep mail as promised: commits that are on stable storage when answered, every character, and
 * the SQL that is used.
 * @throws DatabaseOpenError with the remedy
 */
export async function checkServer(query: (text: string) => Promise<{ rows: unknown[] }>): Promise<void> {
  const { rows } = await query(SETTINGS)
  const problem = problemOf(rows[0] as ServerSettings)
  if (problem !== null) throw new DatabaseOpenError(`PostgreSQL ${problem}`)
}

function problemOf({
  version,
  encoding,
  synchronous_commit: commit,
  read_only: readOnly,
}: ServerSettings): string | null {
  if (version < OLDEST) return `is too old (${Math.floor(version / 10_000)}); MaiRust needs 14 or newer`
  if (commit === 'off') return 'has synchronous_commit = off; MaiRust needs it on, or accepted mail could be lost'
  // Any other encoding lacks characters that mail has: such mail could never be stored.
  if (encoding !== 'UTF8')
    return `keeps this database in ${encoding}; MaiRust needs UTF8, or some mail could never be stored: create database mairust encoding 'UTF8' template template0`
  if (readOnly === 'on') return 'is read-only; set the primary server in database.url (DATABASE_URL), not a standby'
  return null
}
