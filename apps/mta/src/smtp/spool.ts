import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Part } from '@mairust/intake'
import type { DataFacts, LineGuard } from '@mairust/mail-core/smtp'
import type { MemoryBudget } from './memory-budget.ts'
import { SpoolBytes } from './spool-bytes.ts'

/** The client went away in the middle of the message. There is nobody left to answer. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError'
}

export interface SpoolOptions {
  readonly guard: LineGuard
  /** On the volume of the blobs, so that a full disk shows here. */
  readonly folder: string
  readonly name: string
  readonly budget: MemoryBudget
}

/** A message as it came in. `body` is null when the guard objects; nothing is kept of it then. */
export interface Spooled {
  readonly facts: DataFacts
  readonly body: Part | null
  /** Gives back the memory, or removes the temporary file. */
  discard(): Promise<void>
}

/**
 * Takes in DATA: through the guard, into memory while there is room and into a file beyond it. Reads to the end even when
 * the message is refused, since the client only listens then, but not on and on: a message far over the limit is given up,
 * and its stream destroyed. From the first objection on nothing is kept.
 * @throws ClientGoneError when the connection ends first; nothing is left then.
 * @throws the system's error when the file cannot be written (ENOSPC).
 */
export async function spool(message: Readable, { guard, folder, name, budget }: SpoolOptions): Promise<Spooled> {
  const bytes = new SpoolBytes(join(folder, name), budget)
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

/** Whatever ends the stream early, it is that the client is gone. */
async function* received(message: Readable): AsyncIterable<Buffer> {
  try {
    yield* message as AsyncIterable<Buffer>
  } catch (error) {
    throw new ClientGoneError('The connection ended within the message', { cause: error })
  }
}
