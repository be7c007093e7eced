import { constants } from 'node:fs'
import { mkdir, open, rm } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { type Config, foldersOf } from '@mairust/config'

/** A folder the server needs cannot be used. The message says which, why, and what to do. */
export class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

/** Large enough to fail on a full volume. */
const PROBE = Buffer.alloc(16_384)

/** Creates missing folders and checks that all of them are writable. @throws DataFolderError */
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

/** Turns the system's error code into what is wrong and what to do. */
export function folderError(path: string, setting: string, cause: unknown): DataFolderError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return new DataFolderError(explain(code, path, setting), { cause })
}

function explain(code: string, path: string, setting: string): string {
  const other = `or set ${setting} to another folder`
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `${path} is not writable by this user (${userInfo().username}); chown it to that user, ${other}`
    case 'EROFS':
      return `${path} is on a volume that is mounted read-only; remount it read-write, ${other}`
    case 'ENOSPC':
    case 'EDQUOT':
      return `No space left on the volume of ${path}; free some, ${other}`
    case 'ENOENT':
      return `${path} leads to a folder that does not exist; mount its volume or correct the symbolic link, ${other}`
    case 'ENOTDIR':
    case 'EEXIST':
      return `${path} or one of its parents is not a folder; move that file away, ${other}`
    default:
      return `${path} cannot be used (${code === '' ? 'unknown reason' : code}); fix that, ${other}`
  }
}
