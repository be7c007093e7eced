import { closeSync, fstatSync, openSync, rmSync, statSync } from 'node:fs'
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
  // The folder of a database may be anybody's; that of mail and keys is ours.
  for (const { path, setting } of foldersOf(config).filter((folder) => folder.setting !== 'database.path')) {
    const owner = statSync(/* turbopackIgnore: true */ path, { throwIfNoEntry: false })?.uid
    if (owner === undefined || owner === uid || ownerOfNewFile(path) === owner) continue
    throw new ConfigError([
      {
        source: '',
        path: setting,
        message: `${path} belongs to user ${owner}, whose server cannot use what root creates there; run this as that user (sudo -u '#${owner}' …), or chown -R it to root`,
      },
    ])
  }
}

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
