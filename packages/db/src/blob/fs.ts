import { randomUUID } from 'node:crypto'
import { access, constants, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import {
  BlobNotFoundError,
  type BlobStore,
  BlobStoreError,
  BlobStoreFullError,
  checkBlobKey,
  lastByte,
} from './blob.ts'
import { Directories } from './directories.ts'
import { listKeys, removeOlder } from './fs-list.ts'
import { allSettled, SourceError, writeAllSynced, writeSynced } from './fs-write.ts'

/** A session lasts at most 30 minutes; older files were left by a process that died. */
const LEFTOVER_MS = 45 * 60_000

/**
 * Stores objects as files under `basePath`, which is created if missing. A file is written and synced in `tmp/`, then renamed into
 * place and its directory synced before `put` resolves. Opening removes what dead processes left in `tmp/`. Throws BlobStoreError.
 */
export async function fsBlobStore(
  basePath: string,
  { directories = new Directories(), now = () => new Date() }: { directories?: Directories; now?: () => Date } = {},
): Promise<BlobStore> {
  const base = resolve(basePath)
  const temporary = join(base, 'tmp')
  try {
    await mkdir(base, { recursive: true })
    await directories.ensure(base, temporary)
    await removeOlder(temporary, new Date(now().getTime() - LEFTOVER_MS))
  } catch (error) {
    const code = codeOf(error)
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw toBlobError(error, base)
    throw new BlobStoreError(
      `a folder in ${base} is not writable (${messageOf(error)}); make the user that MaiRust runs as the owner of all of it (chown -R)`,
      { cause: error },
    )
  }

  /** Runs a file operation on an object, translating its errors. */
  const onFile = async <T>(key: string, operation: (path: string) => Promise<T>): Promise<T> => {
    checkBlobKey(key)
    try {
      return await operation(join(base, key))
    } catch (error) {
      throw toBlobError(error, key)
    }
  }

  return {
    put: (key, source) =>
      onFile(key, async (path) => {
        const folder = dirname(path)
        const draft = join(temporary, randomUUID())
        const made = directories.ensure(base, folder)
        // Awaited below; until then a failure must not count as unhandled.
        made.catch(() => undefined)
        let file = draft
        try {
          const info = await writeSynced(draft, source)
          await made
          await rename(draft, path)
          file = path
          await directories.sync(folder)
          return info
        } catch (error) {
          await rm(file, { force: true }).catch(() => undefined)
          // The folder may have been removed; the next put checks again.
          directories.forget()
          throw isMissing(error) ? new BlobStoreError('a folder of the blob store is gone', { cause: error }) : error
        }
      }),
    putAll: async (objects) => {
      const files = objects.map(({ key, bytes }) => {
        checkBlobKey(key)
        return { path: join(temporary, randomUUID()), bytes, target: join(base, key) }
      })
      /** Where each file is now. */
      const left = new Set(files.map(({ path }) => path))
      const folders = [...new Set(files.map(({ target }) => dirname(target)))]
      try {
        const made = folders.map((folder) => directories.ensure(base, folder))
        const written = writeAllSynced(files)
        await allSettled([written, ...made])
        await allSettled(
          files.map(async ({ path, target }) => {
            await rename(path, target)
            left.delete(path)
            left.add(target)
          }),
        )
        await allSettled(folders.map((folder) => directories.sync(folder)))
        return await written
      } catch (error) {
        await Promise.allSettled([...left].map((file) => rm(file, { force: true })))
        directories.forget()
        throw isMissing(error)
          ? new BlobStoreError('a folder of the blob store is gone', { cause: error })
          : toBlobError(error, `${files.length} objects`)
      }
    },
    get: (key, range) =>
      onFile(key, async (path) => {
        const handle = await open(path, 'r')
        if (range === undefined) return handle.createReadStream()
        try {
          const { size } = await handle.stat()
          return handle.createReadStream({ start: range.start, end: lastByte(range, size) })
        } catch (error) {
          await handle.close()
          throw error
        }
      }),
    read: (key) => onFile(key, (path) => readFile(path)),
    has: (key) => onFile(key, (path) => stat(path).then(() => true, missing)),
    delete: (key) => onFile(key, (path) => rm(path, { force: true })),
    list: (olderThan, since) => listKeys(base, olderThan, since),
    removeUnfinished: (olderThan) =>
      removeOlder(temporary, olderThan).catch((error: unknown) => {
        throw toBlobError(error, temporary)
      }),
    ready: () =>
      access(temporary, constants.W_OK).catch((error: unknown) => {
        throw new BlobStoreError('the blob store is not writable', { cause: error })
      }),
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT'

function missing(error: unknown): false {
  if (!isMissing(error)) throw error
  return false
}

function toBlobError(error: unknown, key: string): unknown {
  if (error instanceof SourceError) return error.cause
  if (error instanceof BlobStoreError || error instanceof RangeError) return error
  if (isMissing(error)) return new BlobNotFoundError(`there is no object ${key}`, { cause: error })
  const code = codeOf(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return new BlobStoreFullError('the blob store is full', { cause: error })
  return new BlobStoreError(`the blob store failed at ${key}`, { cause: error })
}
