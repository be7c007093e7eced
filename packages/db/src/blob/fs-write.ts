import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { type BlobInfo, type BlobSource, piecesOf } from './blob.ts'

/** Bytes hashed and written at a time, so that a large message does not block the event loop. */
const PIECE = 1 << 20

/** A failure of the source, as opposed to the disk. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
}

/** Writes a new file and puts it on stable storage. The caller removes it after a failure. */
export async function writeSynced(path: string, source: BlobSource): Promise<BlobInfo> {
  const hash = createHash('sha256')
  let size = 0
  const handle = await open(path, 'wx', 0o640)
  try {
    for await (const piece of sourced(source)) {
      for (let from = 0; from < piece.length; from += PIECE) {
        const part = piece.subarray(from, from + PIECE)
        hash.update(part)
        await handle.writeFile(part)
      }
      size += piece.length
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { size, sha256: hash.digest('hex') }
}

/**
 * Writes several new files, then syncs them together: a file system that syncs files while others are being created commits its
 * journal for each one. The caller removes them after a failure.
 */
export async function writeAllSynced(files: readonly { path: string; bytes: Uint8Array }[]): Promise<BlobInfo[]> {
  const handles: FileHandle[] = []
  const write = async ({ path, bytes }: { path: string; bytes: Uint8Array }): Promise<void> => {
    const handle = await open(path, 'wx', 0o640)
    handles.push(handle)
    await handle.writeFile(bytes)
  }
  try {
    await allSettled(files.map(write))
    await allSettled(handles.map((handle) => handle.sync()))
  } finally {
    await allSettled(handles.map((handle) => handle.close()))
  }
  return files.map(({ bytes }) => ({ size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }))
}

/** Waits for all even when one fails, so that nothing still uses what is cleaned up next; then throws the first failure. */
export async function allSettled(promises: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(promises)).find((result) => result.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}

async function* sourced(source: BlobSource): AsyncGenerator<Uint8Array> {
  try {
    yield* piecesOf(source)
  } catch (error) {
    throw new SourceError('the source failed', { cause: error })
  }
}
