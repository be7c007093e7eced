import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { hourOf, isBlobKey } from './blob.ts'

const LEVELS = 4
const FOLDER = /^\d{2}(?:\d{2})?$/

/** The keys of the files under `base` older than a time, from the hour of `since` on. */
export async function* listKeys(base: string, olderThan: Date, since?: Date): AsyncGenerator<string> {
  const first = since === undefined ? '' : hourOf(since)
  const last = hourOf(olderThan)
  const inTime = (prefix: string): boolean =>
    prefix >= first.slice(0, prefix.length) && prefix <= last.slice(0, prefix.length)

  async function* walk(prefix: string, level: number): AsyncGenerator<string> {
    const entries = await readdir(join(base, prefix)).catch(() => [])
    for (const entry of entries.sort()) {
      const path = prefix === '' ? entry : `${prefix}/${entry}`
      if (level < LEVELS) {
        if (FOLDER.test(entry) && inTime(path)) yield* walk(path, level + 1)
      } else if (isBlobKey(path) && (await modified(join(base, path))) < olderThan.getTime()) yield path
    }
  }
  yield* walk('', 0)
}

/** Removes the files in a folder older than a time. */
export async function removeOlder(folder: string, than: Date): Promise<void> {
  for (const entry of await readdir(folder)) {
    const path = join(folder, entry)
    if ((await modified(path)) < than.getTime()) await rm(path, { force: true, recursive: true })
  }
}

/** Milliseconds; infinite when the file is gone. */
async function modified(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  )
}
