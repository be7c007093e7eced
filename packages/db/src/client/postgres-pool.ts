import pg from 'pg'
import { codeOf, DatabaseUnavailableError } from './errors.ts'
import { checkServer } from './postgres-server.ts'

const CONNECT_MS = 5000
const STATEMENT_MS = 30_000

// Counts and sizes are far below 2⁵³.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOENT',
])
/**
 * Connection trouble, shutdown, too many connections, cancelled by a time limit, and a server that has become a standby: a new
 * connection may reach the primary.
 */
const STATES = /^(?:08|57P0|53300|25006|57014|55P03|25P03|25P04)/
const MESSAGES =
  /timeout exceeded when trying to connect|^timeout expired$|Connection terminated|Query read timeout|Client was closed|not queryable|Cannot use a pool after/i

/** Whether the error means that the server is down or does not answer, rather than that a statement is wrong. */
export function isConnectionTrouble(error: unknown): boolean {
  const code = codeOf(error)
  if (code !== null && (NETWORK.has(code) || STATES.test(code))) return true
  return error instanceof Error && MESSAGES.test(error.message)
}

/** Awaits the driver and turns connection trouble into DatabaseUnavailableError. */
export async function translated<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    if (!isConnectionTrouble(error)) throw error
    throw new DatabaseUnavailableError('the database does not answer', { cause: error })
  }
}

/**
 * Says `verify-full` for the TLS modes that the driver treats as it; for those it prints a warning of many lines.
 */
const withVerifiedTls = (url: string): string =>
  url.includes('uselibpqcompat=true')
    ? url
    : url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full')

/** Settings of every connection, including the listening one. */
export const connectionSettings = (url: string): pg.ClientConfig => ({
  connectionString: withVerifiedTls(url),
  application_name: 'mairust',
  connectionTimeoutMillis: CONNECT_MS,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
})

/** Creates the pool and checks that the server can keep mail. */
export async function createPool(url: string, max: number): Promise<pg.Pool> {
  const pool = new pg.Pool({
    ...connectionSettings(url),
    max,
    idleTimeoutMillis: 60_000,
    statement_timeout: STATEMENT_MS,
    // For a server that has silently gone.
    query_timeout: STATEMENT_MS + 5000,
    idle_in_transaction_session_timeout: 60_000,
  })
  // A connection that dies, idle or between two statements, is replaced; without these handlers it would end the process.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  try {
    await checkServer((text) => translated(pool.query(text)))
    return pool
  } catch (error) {
    await pool.end()
    throw error
  }
}
