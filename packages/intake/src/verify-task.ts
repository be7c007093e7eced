import { createReadStream } from 'node:fs'
import { openLookups, type Resolver } from '@mairust/dns'
import { type AuthSession, verify, VERIFY_START, type Verification } from '@mairust/mail-core/auth'

/** The worker's input: a message as received, and what the session says about it. */
export interface VerifyTask {
  readonly body: Uint8Array | { readonly path: string; readonly from: number; readonly size: number }
  readonly session: AuthSession
  readonly hostname: string
  /** Milliseconds since 1970. */
  readonly now: number
  readonly trustedSealers: readonly string[]
  /** Milliseconds for all look-ups together. */
  readonly lookupMs: number
  /** Whose share of the look-ups under way they take: the client's network. */
  readonly sender: string
}

/** Verifies a message. A large one is read piece by piece. @throws Error when its file cannot be read */
export async function verifyTask(task: VerifyTask, resolver: Resolver): Promise<Verification> {
  const { body, session, hostname, now, trustedSealers, lookupMs, sender } = task
  const lookups = openLookups(resolver, lookupMs, sender)
  const options = { session, hostname, lookups, now: new Date(now), trustedSealers }
  try {
    if (body instanceof Uint8Array) {
      return await verify(Buffer.from(body.buffer, body.byteOffset, body.byteLength), options)
    }
    const { path, from, size } = body
    const startSize = Math.min(VERIFY_START, size)
    const start = Buffer.concat(await collect(path, from, startSize))
    return await verify(start, options, read(path, from + startSize, size - startSize))
  } finally {
    lookups.close()
  }
}

async function collect(path: string, from: number, size: number): Promise<Buffer[]> {
  const chunks: Buffer[] = []
  for await (const chunk of read(path, from, size)) chunks.push(chunk)
  return chunks
}

async function* read(path: string, from: number, size: number): AsyncGenerator<Buffer> {
  if (size === 0) return
  let left = size
  for await (const chunk of createReadStream(path, { start: from, end: from + size - 1 }) as AsyncIterable<Buffer>) {
    left -= chunk.length
    yield chunk
  }
  if (left > 0) throw new Error('The spooled message has become shorter')
}
