import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Connection from 'better-sqlite3'
import { codeOf } from './client/errors.ts'
import { isBusy } from './client/retry.ts'

/** The process that holds a folder. */
export interface FolderHolder {
  readonly pid: number
  /** Name of the machine or container, where the process id is valid. */
  readonly host: string
}

/** Another server uses the folder. The message says which, and what to do. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError'
}

/** A held folder. */
export interface FolderLock {
  release(): void
}

/** How to wait for a lock. */
export interface LockOptions {
  /** Milliseconds to wait for the process that holds it; ten seconds by default. */
  readonly waitMs?: number | undefined
  /** Aborts the wait. */
  readonly signal?: AbortSignal | undefined
  /** Called once when another process holds it. */
  readonly onWait?: ((holder: FolderHolder | null) => void) | undefined
}

const FILE = 'mairust.lock'
/** Enough for a predecessor to shut down. */
const DEFAULT_WAIT_MS = 10_000
const PAUSE = 100

/**
 * Makes this process the only server in a folder until `release`, or until it ends in any way. The lock is one of the operating
 * system on the file `mairust.lock`; a file left over means nothing. SQLite takes it, as Node cannot; it works across containers
 * that share the folder.
 * @throws FolderLockedError when another process still holds it after `waitMs` milliseconds, AbortError
 */
export async function lockFolder(
  folder: string,
  { waitMs = DEFAULT_WAIT_MS, signal, onWait }: LockOptions = {},
): Promise<FolderLock> {
  const until = performance.now() + waitMs
  for (let tries = 0; ; tries += 1) {
    signal?.throwIfAborted()
    const lock = attempt(folder)
    if (lock !== null) return lock
    if (performance.now() >= until) throw new FolderLockedError(explain(folder, folderHolder(folder)))
    if (tries === 0) onWait?.(folderHolder(folder))
    await sleep(PAUSE, undefined, { signal })
  }
}

/** The process that holds a folder, or null. */
export function folderHolder(folder: string): FolderHolder | null {
  let connection: Connection.Database
  try {
    connection = new Connection(join(folder, FILE), { timeout: 0, fileMustExist: true })
  } catch {
    return null
  }
  try {
    connection.exec('begin immediate')
    connection.exec('rollback')
    return null
  } catch (error) {
    if (!isBusy(error)) return null
    return holderIn(connection)
  } finally {
    connection.close()
  }
}

function attempt(folder: string): FolderLock | null {
  let connection: Connection.Database | undefined
  try {
    connection = new Connection(join(folder, FILE), { timeout: 0 })
    const held = connection
    // Others can read it while we hold the lock below, and learn who we are.
    connection.exec('create table if not exists holder (pid integer not null, host text not null)')
    connection.exec('begin immediate')
    connection.exec('delete from holder')
    connection.prepare('insert into holder values (?, ?)').run(process.pid, hostname())
    connection.exec('commit')
    connection.exec('begin immediate')
    return { release: () => held.close() }
  } catch (error) {
    connection?.close()
    if (isBusy(error)) return null
    const code = codeOf(error)
    const damaged = code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT'
    const remedy = damaged
      ? 'is damaged; remove it and start again'
      : `cannot be locked (${code ?? String(error)}); make the user that MaiRust runs as the owner of the file and its folder`
    throw new Error(`${join(folder, FILE)} ${remedy}`, { cause: error })
  }
}

const holderIn = (connection: Connection.Database): FolderHolder =>
  connection.prepare<[], FolderHolder>('select pid, host from holder').get() ?? { pid: 0, host: '' }

function explain(folder: string, holder: FolderHolder | null): string {
  const who = holder === null || holder.pid === 0 ? 'another process' : `process ${holder.pid} on ${holder.host}`
  return `Another MaiRust server (${who}) runs in ${folder}; end it first, or set server.data_dir to a folder of its own`
}
