import { chmod, lstat, opendir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, parse } from 'node:path'
import type { Config } from '@mairust/config'
import type { Log } from '@mairust/log'

/** What group and others may do. */
const OTHERS = 0o077
const OWN_FILES = ['master.key', 'mairust.lock', 'mairust.pid', 'reload.json']

/**
 * Takes from group and others what an earlier version or a copy has left them of database, mail, keys and certificates. The folders
 * are closed when it resolves, so that what they hold is safe; what lies in them follows, which may take a while, in `rest`. Then
 * one line in the log says what was mended, and one what could not be.
 */
export async function mendPermissions(
  config: Pick<Config, 'server' | 'database' | 'storage'>,
  log: Log,
  signal: AbortSignal,
): Promise<{ rest: Promise<void> }> {
  // Windows has no such bits.
  if (process.platform === 'win32') return { rest: Promise.resolve() }
  const { server, database, storage } = config
  const done = { mended: [] as string[], failed: [] as string[], below: 0 }
  const mend = async (path: string): Promise<boolean> => {
    const result = await tighten(path)
    if (result !== 'fine') done[result].push(path)
    return result === 'mended'
  }
  if (!isShared(server.data_dir)) await mend(server.data_dir)
  for (const name of OWN_FILES) await mend(join(server.data_dir, name))
  if (database.backend === 'sqlite')
    for (const suffix of ['', '-wal', '-shm', '-journal']) await mend(`${database.path}${suffix}`)
  const opened: string[] = []
  for (const tree of [join(server.data_dir, 'tls'), ...(storage.backend === 'fs' ? [storage.options.base_path] : [])])
    // Below a folder that was closed before, nothing of ours is open.
    if (await mend(tree)) opened.push(tree)

  const rest = async (): Promise<void> => {
    for (const tree of opened)
      for await (const path of pathsBelow(tree)) {
        if (signal.aborted) return
        const result = await tighten(path)
        if (result === 'mended') done.below += 1
        if (result === 'failed') done.failed.push(path)
      }
    const { mended, failed, below } = done
    if (mended.length > 0)
      log.warn({ mended, below }, 'Files that other users of this machine could read are closed to them now')
    if (failed.length > 0)
      log.warn(
        { failed: failed.slice(0, 20), count: failed.length },
        'Files that other users of this machine can read belong to somebody else; give them to the user that MaiRust runs as',
      )
  }
  return { rest: rest() }
}

async function tighten(path: string): Promise<'fine' | 'mended' | 'failed'> {
  try {
    const { mode } = await lstat(path)
    // Symbolic links have no bits of their own; what they lead to is somebody's decision.
    if ((mode & OTHERS) === 0 || (mode & 0o170_000) === 0o120_000) return 'fine'
    await chmod(path, mode & 0o7700)
    return 'mended'
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'fine' : 'failed'
  }
}

/** Everything below a folder, a folder before what it holds. */
async function* pathsBelow(folder: string): AsyncGenerator<string> {
  // One that vanishes meanwhile is nobody's to read.
  const entries = await opendir(folder).catch(() => null)
  for await (const entry of entries ?? []) {
    const path = join(folder, entry.name)
    yield path
    if (entry.isDirectory()) yield* pathsBelow(path)
  }
}

/** Whether a folder is surely not MaiRust's alone, so that its bits are left as they are. */
const isShared = (folder: string): boolean =>
  folder === homedir() || folder === process.cwd() || folder === parse(folder).root
