import { accessSync, closeSync, constants, fstatSync, openSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ConfigError } from './error.ts'
import type { Config } from './schema/index.ts'

type Folders = Pick<Config, 'server' | 'database' | 'storage'>

/** The folders the server writes to, each with its setting. */
export function foldersOf({ server, database, storage }: Folders): { path: string; setting: string }[] {
  return [
    { path: server.data_dir, setting: 'server.data_dir' },
    ...(database.backend === 'sqlite' ? [{ path: dirname(database.path), setting: 'database.path' }] : []),
    ...(storage.backend === 'fs' ? [{ path: storage.options.base_path, setting: 'storage.options.base_path' }] : []),
  ]
}

/**
 * Checks that root does not work in the data of another user: that user's server could neither read the files that root creates
 * there nor, where root created a folder, store mail.
 * @param uid the user this process runs as
 * @throws ConfigError
 */
export function checkOwner(config: Folders, uid = process.geteuid?.()): void {
  if (uid !== 0) return
  for (const { path, setting } of ownFolders(config)) {
    const owner = ownerOf(path)
    if (owner === undefined || owner === uid || ownerOfNewFile(path) === owner) continue
    throw problem(
      setting,
      `${path} belongs to user ${owner}, whose server cannot use what root creates there; run this as that user (sudo -u '#${owner}' …), or chown -R it to root`,
    )
  }
}

/**
 * Checks that this user may use the data: whoever may not would find no data, or no server.
 * @throws ConfigError with the user to run as
 */
export function checkAccess(config: Folders, access: (path: string, mode: number) => void = accessSync): void {
  const { R_OK, W_OK, X_OK } = constants
  for (const { path, setting } of ownFolders(config)) {
    try {
      access(path, R_OK | W_OK | X_OK)
    } catch (error) {
      // A missing folder, or a volume that is read-only, is for others to explain.
      if (!(error instanceof Error && 'code' in error && error.code === 'EACCES')) continue
      const owner = ownerOf(path)
      const who = owner === undefined ? 'another user' : `user ${owner}`
      const remedy = owner === undefined ? '' : ` (sudo -u '#${owner}' …)`
      throw problem(setting, `${path} is closed to this user; run this as ${who}${remedy}, or chown -R it`)
    }
  }
}

/** The owner of a folder; undefined when there is none, or one of its parents is closed. */
function ownerOf(path: string): number | undefined {
  try {
    return statSync(/* turbopackIgnore: true */ path).uid
  } catch {
    return undefined
  }
}

/** The folders of mail and keys. That of a database may be anybody's. */
const ownFolders = (config: Folders) => foldersOf(config).filter(({ setting }) => setting !== 'database.path')

const problem = (path: string, message: string): ConfigError => new ConfigError([{ source: '', path, message }])

/** Some file systems give every file the same owner; null when no file can be created. */
function ownerOfNewFile(folder: string): number | null {
  const path = join(folder, `.mairust-owner-${process.pid}`)
  try {
    const file = openSync(/* turbopackIgnore: true */ path, 'wx', 0o600)
    try {
      return fstatSync(file).uid
    } finally {
      closeSync(file)
      rmSync(path, { force: true })
    }
  } catch {
    return null
  }
}
