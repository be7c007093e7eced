import { chmod, lstat, opendir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join, parse } from 'node:path'
import type { Config } from '@mairust/config'
import type { Log } from '@mairust/log'

/** Permission bits of group and others. */
const OTHERS = 0o077
const OWN_FILES = ['master.key', 'mairust.lock', 'mairust.pid', 'reload.json']

/**
 * Removes the group and other permissions that an earlier version or a copy left on database, mail, keys and certificates. The
 * folders are closed when it resolves, which protects their contents; the files in them follow in `rest`, which may take a
 * while. Then one log line says what was changed, and one what could not be.
 */
export async function restrictPermissions(
  config: Pick<Config, 'server' | 'database' | 'storage'>,
  log: Log,
  signal: AbortSignal,
): Promise<{ rest: Promise<void> }> {
  // Windows has no mode bits.
  if (process.platform === 'win32') return { rest: Promise.resolve() }
  const { server, database, storage } = config
  const done = { closed: [] as string[], failed: [] as string[], below: 0 }
  const restrict = async (path: string): Promise<boolean> => {
    const result = await tighten(path)
    if (result !== 'fine') done[result].push(path)
    return result === 'closed'
  }
  if (!isShared(server.data_dir)) await restrict(server.data_dir)
  for (const name of OWN_FILES) await restrict(join(server.data_dir, name))
  if (database.backend === 'sqlite')
    for (const suffix of ['', '-wal', '-shm', '-journal']) await restrict(`${database.path}${suffix}`)
  const opened: string[] = []
  for (const tree of [join(server.data_dir, 'tls'), ...(storage.backend === 'fs' ? [storage.options.base_path] : [])])
    // A folder that was already closed protects what is below it.
    if (await restrict(tree)) opened.push(tree)

  const rest = async (): Promise<void> => {
    for (const tree of opened)
      for await (const path of pathsBelow(tree)) {
        if (signal.aborted) return
        const result = await tighten(path)
        if (result === 'closed') done.below += 1
        if (result === 'failed') done.failed.push(path)
      }
    const { closed, failed, below } = done
    if (closed.length > 0) log.warn({ closed, below }, 'Closed files that other users of this machine could read')
    if (failed.length > 0)
      log.warn(
        { failed: failed.slice(0, 20), count: failed.length },
        'Other users of this machine can read files that MaiRust does not own; chown them to the user it runs as',
      )
  }
  return { rest: rest() }
}

async function tighten(path: string): Promise<'fine' | 'closed' | 'failed'> {
  try {
    const { mode } = await lstat(path)
    // A symbolic link has no mode of its own, and its target is not ours to change.
    if ((mode & OTHERS) === 0 || (mode & 0o170_000) === 0o120_000) return 'fine'
    await chmod(path, mode & 0o7700)
    return 'closed'
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'fine' : 'failed'
  }
}

/** Everything below a folder, parents first. */
async function* pathsBelow(folder: string): AsyncGenerator<string> {
  // A folder that has vanished needs no closing.
  const entries = await opendir(folder).catch(() => null)
  for await (const entry of entries ?? []) {
    const path = join(folder, entry.name)
    yield path
    if (entry.isDirectory()) yield* pathsBelow(path)
  }
}

/** Whether a folder is certainly not MaiRust's alone; its mode is then left as it is. */
const isShared = (folder: string): boolean =>
  folder === homedir() || folder === process.cwd() || folder === parse(folder).root
