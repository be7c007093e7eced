import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Part } from '@mairust/intake'
import type { DataFacts, LineGuard } from '@mairust/mail-core/smtp'
import type { MemoryBudget } from './memory-budget.ts'
import { SpoolBytes } from './spool-bytes.ts'
import type { SpoolPlace } from './spool-space.ts'

/** The client disconnected within the message; there is nobody to reply to. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError'
}

export interface SpoolOptions {
  readonly guard: LineGuard
  /** On the blob store's volume, so that a full disk shows here. */
  readonly folder: string
  readonly name: string
  readonly budget: MemoryBudget
  /** Closed when nothing of the message is left. */
  readonly place: SpoolPlace
}

/** A received message. `body` is null when the guard refused it; nothing of it is kept then. */
export interface Spooled {
  readonly facts: DataFacts
  readonly body: Part | null
  /** Frees the memory, or removes the temporary file. */
  discard(): Promise<void>
}

/**
 * Reads DATA through the guard into memory, or into a file once memory runs out. A message that is refused, or has no room, is
 * still read to its end, since clients listen only then, but not kept; one far over the limit is given up and its stream destroyed.
 * @throws ClientGoneError when the connection ends first; nothing is kept then
 * @throws SpoolFullError when the message has no room on the disk
 * @throws the system's error when the file cannot be written (ENOSPC)
 */
export async function spool(message: Readable, { guard, folder, name, budget, place }: SpoolOptions): Promise<Spooled> {
  const bytes = new SpoolBytes(join(folder, name), budget, place)
  let failure: Error | null = null
  try {
    for await (const chunk of received(message)) {
      const given = guard.write(chunk)
      if (guard.runaway) break
      if (guard.problem !== null || failure !== null) {
        await bytes.drop()
        continue
      }
      try {
        await bytes.add(given)
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error))
        await bytes.drop()
      }
    }
    if (failure !== null) throw failure
    const facts = guard.end()
    if (facts.problem !== null) await bytes.drop()
    return { facts, body: facts.problem === null ? await bytes.end() : null, discard: () => bytes.drop() }
  } catch (error) {
    await bytes.drop()
    throw error
  }
}

/** A stream that ends early, for any reason, means that the client is gone. */
async function* received(message: Readable): AsyncIterable<Buffer> {
  try {
    yield* message as AsyncIterable<Buffer>
  } catch (error) {
    throw new ClientGoneError('The connection ended within the message', { cause: error })
  }
}
