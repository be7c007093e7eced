import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { CliError } from '../exit.ts'
import { type SourceMessage, withCrlf } from './source.ts'

/** Files read at a time: enough to keep the disk busy, few enough to hold in memory. */
const READ_AHEAD = 32

const entries = async (folder: string): Promise<string[]> => {
  try {
    return await readdir(folder)
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return []
    throw error
  }
}

/** The letters after `:2,` in a file name of a maildir. */
const flagsOf = (name: string): string => /[:;!-]2,([A-Z]*)$/i.exec(name)?.[1] ?? ''

/** Names begin with the second of the delivery; files that were renamed keep the time of their change. */
async function arrival(file: string, name: string): Promise<Date> {
  const seconds = /^(\d{9,11})[._]/.exec(name)?.[1]
  return seconds === undefined ? (await stat(file)).mtime : new Date(Number(seconds) * 1000)
}

async function readOne(folder: string, name: string, subfolder: string | null): Promise<SourceMessage | null> {
  const file = join(folder, name)
  const flags = flagsOf(name)
  if (flags.includes('T')) return null
  return {
    raw: withCrlf(await readFile(file)),
    receivedAt: await arrival(file, name),
    seen: flags.includes('S'),
    starred: flags.includes('F'),
    answered: flags.includes('R'),
    draft: flags.includes('D'),
    folder: subfolder,
  }
}

async function* readFolder(path: string, subfolder: string | null): AsyncGenerator<SourceMessage> {
  for (const part of ['cur', 'new']) {
    const folder = join(path, part)
    const names = (await entries(folder)).filter((name) => !name.startsWith('.')).sort()
    for (let from = 0; from < names.length; from += READ_AHEAD) {
      const some = names.slice(from, from + READ_AHEAD)
      for (const message of await Promise.all(some.map((name) => readOne(folder, name, subfolder)))) {
        if (message !== null) yield message
      }
    }
  }
}

/**
 * Reads a maildir: `cur` and `new`, then each subfolder `.Name` (Maildir++, `.` between levels). Messages marked as
 * trashed are left out.
 * @throws CliError when the path holds no maildir
 */
export async function* readMaildir(path: string): AsyncGenerator<SourceMessage> {
  const names = await entries(path)
  if (!names.includes('cur') && !names.includes('new'))
    throw new CliError(`${path} is not a maildir: it has neither cur nor new`)
  yield* readFolder(path, null)
  for (const name of names.filter((entry) => /^\.[^.]/.test(entry)).sort()) {
    yield* readFolder(join(path, name), name.slice(1).replaceAll('.', '/'))
  }
}
