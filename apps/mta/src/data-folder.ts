import { constants } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import type { Config } from '@mairust/config'

/** A folder that the server needs cannot be used. The message says which, why, and what to do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

/** Enough that a volume without room refuses it. */
const PROBE = Buffer.alloc(16_384)

/** The folders that a configuration writes to, with the setting that names each. */
export function foldersOf({ server, database, storage }: Pick<Config, 'server' | 'database' | 'storage'>) {
  return [
    { path: server.data_dir, setting: 'server.data_dir' },
    ...(database.backend === 'sqlite' ? [{ path: dirname(database.path), setting: 'database.path' }] : []),
    ...(storage.backend === 'fs' ? [{ path: storage.options.base_path, setting: 'storage.options.base_path' }] : []),
  ]
}

/** Makes the folders that are missing and tries whether all of them can be written. @throws DataFolderError */
export async function makeFolders(config: Pick<Config, 'server' | 'database' | 'storage'>): Promise<void> {
  for (const { path, setting } of foldersOf(config)) {
    try {
      await mkdir(path, { recursive: true, mode: 0o700 })
      await probe(join(path, `.mairust-probe-${process.pid}`))
    } catch (error) {
      throw folderError(path, setting, error)
    }
  }
}

async function probe(path: string): Promise<void> {
  const { O_CREAT, O_WRONLY, O_TRUNC, O_NOFOLLOW } = constants
  const file = await open(path, O_CREAT | O_WRONLY | O_TRUNC | O_NOFOLLOW, 0o600)
  try {
    await file.writeFile(PROBE)
    await file.sync()
  } finally {
    await file.close()
    await rm(path, { force: true })
  }
}

/** Says why a folder cannot be used, from the system's code, and what to do. */
export function folderError(path: string, setting: string, cause: unknown): DataFolderError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return new DataFolderError(explain(code, path, setting), { cause })
}

function explain(code: string, path: string, setting: string): string {
  const other = `or set ${setting} to another folder`
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be written by this user (${userInfo().username}); give it to that user with chown, ${other}`
    case 'EROFS':
      return `${path} lies on a volume that is mounted read-only; mount it writable, ${other}`
    case 'ENOSPC':
    case 'EDQUOT':
      return `There is no space left on the volume of ${path}; free some, ${other}`
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path} is no folder, or lies below something that is none; move that away, ${other}`
    default:
      return `${path} cannot be used (${code === '' ? 'unknown reason' : code}); mend that, ${other}`
  }
}
