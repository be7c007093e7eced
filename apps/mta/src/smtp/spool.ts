import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { DataFacts, LineGuard } from '@mairust/mail-core/smtp'
import { Block } from './block.ts'
import type { Part } from './source.ts'

/** The client went away in the middle of the message. There is nobody left to answer. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError'
}

export interface SpoolOptions {
  readonly guard: LineGuard
  /** On the volume of the blobs, so that a full disk shows here. */
  readonly folder: string
  readonly name: string
  readonly maxMemory?: number | undefined
}

/** A message as it came in. `body` is null when the guard objects; nothing is kept of it then. */
export interface Spooled {
  readonly facts: DataFacts
  readonly body: Part | null
  /** Removes the temporary file, if there is one. */
  discard(): Promise<void>
}

/** Most bytes of a message held in memory. */
const MAX_MEMORY = 256 * 1024

/**
 * Takes in DATA: through the guard, into memory while small and into a file when not. Reads to the end even when the
 * message is refused, since the client only listens then, but not on and on: a message far over the limit is given up,
 * and its stream destroyed. From the first objection on nothing is kept.
 * @throws ClientGoneError when the connection ends first; the file is gone then.
 * @throws the system's error when the file cannot be written (ENOSPC).
 */
export async function spool(message: Readable, options: SpoolOptions): Promise<Spooled> {
  const { guard, maxMemory = MAX_MEMORY } = options
  const file = new SpoolFile(join(options.folder, options.name))
  const held = new Block()
  let failure: Error | null = null
  try {
    for await (const chunk of received(message)) {
      const given = guard.write(chunk)
      if (guard.runaway) break
      if (guard.problem !== null || failure !== null) {
        held.clear()
        await file.remove()
        continue
      }
      held.add(given)
      if (held.length <= maxMemory) continue
      try {
        await file.write(held.bytes)
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error))
      }
      held.clear()
    }
    if (failure !== null) throw failure
    const facts = guard.end()
    if (facts.problem !== null) {
      await file.remove()
      return { facts, body: null, discard: () => Promise.resolve() }
    }
    if (!file.used) return { facts, body: held.bytes, discard: () => Promise.resolve() }
    await file.write(held.bytes)
    await file.close()
    return { facts, body: { path: file.path, from: 0, size: facts.size }, discard: () => file.remove() }
  } catch (error) {
    await file.remove()
    throw error
  }
}

/** Whatever ends the stream early, it is that the client is gone. */
async function* received(message: Readable): AsyncIterable<Buffer> {
  try {
    yield* message as AsyncIterable<Buffer>
  } catch (error) {
    throw new ClientGoneError('The connection ended within the message', { cause: error })
  }
}

/** Bytes of the message from its beginning, at most `size`. */
export async function readStart(part: Part, size: number): Promise<Buffer> {
  if (Buffer.isBuffer(part)) return part.subarray(0, size)
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream(part.path, { start: part.from, end: part.from + size - 1 })) {
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

class SpoolFile {
  readonly path: string
  #handle: FileHandle | null = null
  used = false

  constructor(path: string) {
    this.path = path
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#handle === null) {
      this.used = true
      await mkdir(join(this.path, '..'), { recursive: true })
      this.#handle = await open(this.path, 'wx', 0o600)
    }
    await this.#handle.writeFile(bytes)
  }

  async close(): Promise<void> {
    await this.#handle?.close()
    this.#handle = null
  }

  async remove(): Promise<void> {
    if (!this.used) return
    this.used = false
    await this.close()
    await rm(this.path, { force: true })
  }
}
