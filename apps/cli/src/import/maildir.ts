import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError, EXIT } from '../exit.ts'
import { isMessageName, type MaildirFolder, readMaildirFile } from './maildir-file.ts'
import { findFolders } from './maildir-folders.ts'
import { kindOfPath, pathError } from './path.ts'
import type { SourceEntry } from './source.ts'

/** Files read at a time: enough to keep the disk busy, few enough to hold in memory. */
const READ_AHEAD = 32

/** The names of the messages in a part of a folder; none when there is no such part. */
async function namesIn(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).filter(isMessageName).sort()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw pathError(path, error)
  }
}

async function* readFolder(folder: MaildirFolder): AsyncGenerator<SourceEntry> {
  for (const part of ['cur', 'new']) {
    const names = await namesIn(join(folder.path, part))
    for (let from = 0; from < names.length; from += READ_AHEAD) {
      const some = names.slice(from, from + READ_AHEAD)
      for (const entry of await Promise.all(some.map((name) => readMaildirFile(folder, part, name)))) {
        if (entry !== null) yield entry
      }
    }
  }
}

/**
 * Reads a maildir with its folders: in each the messages of `cur`, then of `new`. Those marked as deleted are left out.
 * @throws CliError when the path holds no maildir
 */
export async function* readMaildir(path: string): AsyncGenerator<SourceEntry> {
  if ((await kindOfPath(path)) !== 'folder')
    throw new CliError(
      `${path} is a file, and a maildir is a folder; for one file with many messages use "import mbox"`,
      EXIT.usage,
    )
  for await (const folder of findFolders(path)) yield* readFolder(folder)
}
