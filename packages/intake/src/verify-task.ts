import { open } from 'node:fs/promises'
import { openLookups, type Resolver } from '@mairust/dns'
import { type AuthSession, verify, VERIFY_START, type Verification } from '@mairust/mail-core/auth'
import type { After } from '@mairust/worker-pool'

/** A range of a file. */
interface SpooledBytes {
  readonly path: string
  readonly from: number
  readonly size: number
}

/** The worker's input: a message as received, and what the session says about it. */
export interface VerifyTask {
  readonly body: Uint8Array | SpooledBytes
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

/** A line of nothing: where a header ends, whatever its line ends are. */
const EMPTY_LINE = /\n\r?\n/
/** Bytes read in one turn. */
const PIECE = 64 * 1024

/**
 * Verifies a message. Of a large one only the header is held, and its body read piece by piece.
 * @param after waits for other things than the thread
 * @throws Error when its file cannot be read
 */
export async function verifyTask(task: VerifyTask, resolver: Resolver, after: After): Promise<Verification> {
  const { body, session, hostname, now, trustedSealers, lookupMs, sender } = task
  const budget = openLookups(resolver, lookupMs, sender)
  const lookups = {
    spf: (name: string, type: string) => after(budget.spf(name, type)),
    dkim: (name: string, type: string) => after(budget.dkim(name, type)),
    dmarc: (name: string, type: string) => after(budget.dmarc(name, type)),
  }
  const options = { session, hostname, lookups, now: new Date(now), trustedSealers }
  try {
    if (body instanceof Uint8Array) {
      return await verify(Buffer.from(body.buffer, body.byteOffset, body.byteLength), options)
    }
    const pieces = read(body, after)
    try {
      return await verify(await startOf(pieces), options, pieces)
    } finally {
      // A header that is too large is not read on; its file would stay open.
      await pieces.return()
    }
  } finally {
    budget.close()
  }
}

/** The header and some of the body. */
async function startOf(pieces: AsyncIterator<Buffer, void>): Promise<Buffer> {
  let start = Buffer.alloc(0)
  while (start.length < VERIFY_START) {
    const piece = await pieces.next()
    if (piece.done === true) return start
    const seam = Math.max(0, start.length - 2)
    start = Buffer.concat([start, piece.value])
    if (EMPTY_LINE.test(start.toString('latin1', seam))) return start
  }
  return start
}

async function* read({ path, from, size }: SpooledBytes, after: After): AsyncGenerator<Buffer, void> {
  if (size === 0) return
  const file = await after(open(path))
  try {
    for (let done = 0; done < size;) {
      const piece = Buffer.allocUnsafe(Math.min(PIECE, size - done))
      const { bytesRead } = await after(file.read(piece, { position: from + done }))
      if (bytesRead === 0) throw new Error('The spooled message has become shorter')
      done += bytesRead
      yield piece.subarray(0, bytesRead)
    }
  } finally {
    await after(file.close())
  }
}
