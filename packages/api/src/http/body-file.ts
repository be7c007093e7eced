import { randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../errors.ts'

/** A body on its way, in a file without a name. */
export interface BodyFile {
  /** @throws AppError UNAVAILABLE when the disk is full */
  add: (bytes: Uint8Array) => Promise<void>
  /** All of it. */
  read: () => Promise<Buffer>
  close: () => Promise<void>
}

const PREFIX = 'mairust-body-'

/** Removes what a crash has left between the making of a file and the removal of its name. */
export const clearBodyFiles = async (folder: string): Promise<void> => {
  const names = await readdir(folder).catch(() => [])
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX)).map((name) => rm(join(folder, name), { force: true })),
  )
}

/**
 * Makes a file that nobody else can open, and that is gone with the process.
 * @throws AppError UNAVAILABLE when the disk is full
 */
export const makeBodyFile = async (folder: string): Promise<BodyFile> => {
  const path = join(folder, `${PREFIX}${randomUUID()}`)
  const file = await mkdir(folder, { recursive: true, mode: 0o700 })
    .then(() => open(path, 'wx+', 0o600))
    .catch(explainFull)
  await rm(path, { force: true })
  let size = 0
  return {
    add: async (bytes) => {
      for (let done = 0; done < bytes.length;) {
        done += (await file.write(bytes, done, bytes.length - done, size + done).catch(explainFull)).bytesWritten
      }
      size += bytes.length
    },
    read: async () => {
      const all = Buffer.allocUnsafe(size)
      for (let done = 0; done < size;) {
        const { bytesRead } = await file.read(all, done, size - done, done)
        if (bytesRead === 0) throw new Error('The file of a body ended too early')
        done += bytesRead
      }
      return all
    },
    close: () => file.close(),
  }
}

const FULL = new Set(['ENOSPC', 'EDQUOT'])

const explainFull = (cause: unknown): never => {
  if (!(cause instanceof Error) || !('code' in cause) || !FULL.has(String(cause.code))) throw cause
  throw diskFull(cause)
}

/** The error when the disk has no room for large bodies. */
export const diskFull = (cause?: unknown): AppError =>
  new AppError(
    'UNAVAILABLE',
    'The disk of the server has no room for large requests. Whoever runs it has to free space.',
    {
      cause,
      retryAfter: 60,
    },
  )
