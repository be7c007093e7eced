import { readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError, EXIT } from '../exit.ts'
import { type FolderPart, isMessageName, type MaildirFolder, readMaildirFile } from './maildir-file.ts'
import { findFolders } from './maildir-folders.ts'
import { isWithin, kindOfPath, leadsOut, pathError } from './path.ts'
import type { LeftOut, SourceEntry } from './source.ts'

/** Files read at a time: enough to keep the disk busy, few enough to hold in memory. */
const READ_AHEAD = 32

/** Resolves a part of a folder; null when it is missing. */
async function findPart(folder: MaildirFolder, part: string): Promise<FolderPart | LeftOut | null> {
  const path = join(folder.path, part)
  try {
    const real = await realpath(path)
    return isWithin(folder.root, real) ? { folder, part, real } : { leftOut: 'unreadable', detail: leadsOut(path) }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw pathError(path, error)
  }
}

/** The message file names in a part of a folder. Old ones need not be UTF-8. */
async function namesIn({ real }: FolderPart): Promise<Buffer[]> {
  try {
    const names = await readdir(real, { encoding: 'buffer' })
    return names.filter((name) => isMessageName(name.toString())).sort((a, b) => a.compare(b))
  } catch (error) {
    throw pathError(real, error)
  }
}

async function* readFolder(folder: MaildirFolder): AsyncGenerator<SourceEntry> {
  for (const name of ['cur', 'new']) {
    const part = await findPart(folder, name)
    if (part === null) continue
    if ('leftOut' in part) {
      yield part
      continue
    }
    const names = await namesIn(part)
    for (let from = 0; from < names.length; from += READ_AHEAD) {
      const some = names.slice(from, from + READ_AHEAD)
      for (const entry of await Promise.all(some.map((each) => readMaildirFile(part, each)))) {
        if (entry !== null) yield entry
      }
    }
  }
}

/**
 * Reads a maildir with its folders: in each the messages of `cur`, then of `new`. Skips those marked as deleted, and links that lead
 * outside: whoever runs the import may be allowed to read more than the maildir's owner.
 * @throws CliError when the path is not a maildir
 */
export async function* readMaildir(path: string): AsyncGenerator<SourceEntry> {
  if ((await kindOfPath(path)) !== 'folder')
    throw new CliError(
      `${path} is a file, and a maildir is a folder; for one file with many messages use "import mbox"`,
      EXIT.usage,
    )
  for await (const found of findFolders(path)) {
    if ('leftOut' in found) yield found
    else yield* readFolder(found)
  }
}
