import { Worker } from 'node:worker_threads'
import type { Config } from '@mairust/config'
import { VERIFY_START, type Verification } from '@mairust/mail-core/auth'
import { createFairQueue, createSharedPool, PoolCrashError, PoolTimeoutError } from '@mairust/worker-pool'
import { type Part, sizeOf } from './part.ts'
import type { VerifyTask } from './verify-task.ts'

/** A message as received, and what the session says about it. */
export type Unverified = Omit<VerifyTask, 'body' | 'lookupMs' | 'sender'> & { readonly body: Part }

/** Finds out who sent messages, where a hostile one cannot take the server down. */
export interface MessageVerifier {
  /**
   * Verifies a message (see `verify` of mail-core) within 20 seconds. Most of that is waiting for name servers, so workers have many
   * messages at once, of which one uses the thread: that of the sender who has used it least.
   *
   * @param sender what a flood has in common: the client's network
   * @throws Error when nothing was found out: the message was too costly, it took too long, or too many wait. Whoever sent it tries again.
   */
  verify(message: Unverified, sender: string): Promise<Verification>
  close(): Promise<void>
}

const WORKERS = 2
/** Messages at once: as many as there are connections by default, since waiting for name servers costs little. */
const PLACES = 2048
/** Those of one network: half of what it may have for a single address, with some to spare for relays. */
const PLACES_PER_SENDER = 128
/** Bytes of messages in files that are held; those in memory are bounded where they are received. */
const MAX_BYTES = 64 * 1_048_576
const BYTES_PER_SENDER = 8 * 1_048_576
/** Milliseconds for a message in all, so that an answer of 451 is there within the 25 seconds that it has. */
const TIME_LIMIT = 20_000
/** Of these, most for its look-ups, and for the wait before. */
const LOOKUP_LIMIT = 16_000
const WAIT_LIMIT = 6000
const MAX_WAITING = 1000
/** What is left for the message itself once its look-ups have used up their time. */
const REST = 1500
/** Milliseconds in which one message uses the thread after which its worker is killed; no honest one needs a tenth of it. */
const TURN_LIMIT = 6000
/** Places for all senders whose message killed its worker, and milliseconds for which they share them. */
const BLAMED_PLACES = 4
const BLAMED = 10 * 60_000

interface VerifierOptions {
  readonly dns: Config['dns']
  readonly spawn?: () => Worker
  /** Milliseconds, instead of those above. */
  readonly limits?: { readonly timeMs?: number; readonly turnMs?: number }
}

/** Creates a verifier on worker threads with a resolver and its cache each; the worker's file lies beside this one, in the bundle too. */
export function createMessageVerifier({ dns, spawn, limits = {} }: VerifierOptions): MessageVerifier {
  const { timeMs = TIME_LIMIT, turnMs = TURN_LIMIT } = limits
  const pool = createSharedPool<VerifyTask, Verification>({
    spawn: spawn ?? (() => startWorker(dns)),
    size: WORKERS,
    turnMs,
  })
  const queue = createFairQueue({
    width: PLACES,
    widthPerName: PLACES_PER_SENDER,
    maxBytes: MAX_BYTES,
    bytesPerName: BYTES_PER_SENDER,
    maxWaitingPerName: MAX_WAITING,
    waitMs: Math.min(WAIT_LIMIT, timeMs),
    slow: { width: BLAMED_PLACES, bytes: Infinity, forMs: BLAMED },
  })

  async function run(task: VerifyTask, bytes: number, timeoutMs: number): Promise<Verification> {
    try {
      return await pool.run(task, { owner: task.sender, bytes, timeoutMs })
    } catch (error) {
      // It was this message that killed its worker.
      if (error instanceof PoolTimeoutError || error instanceof PoolCrashError) queue.blame(task.sender)
      throw error
    }
  }

  return {
    verify: ({ body, ...about }, sender) => {
      const start = performance.now()
      const held = Buffer.isBuffer(body) ? 0 : Math.min(body.size, VERIFY_START)
      return queue.run(sender, held, () => {
        const left = timeMs - (performance.now() - start)
        const lookupMs = Math.min(LOOKUP_LIMIT, Math.max(0, left - REST))
        return run({ ...about, body, lookupMs, sender }, Math.min(sizeOf(body), VERIFY_START), left)
      })
    },
    close: () => pool.close(),
  }
}

const startWorker = (dns: Config['dns']): Worker =>
  new Worker(new URL('./verify.worker.ts', import.meta.url), {
    workerData: { dns: { servers: dns.servers, timeoutMs: dns.timeout_ms } },
    resourceLimits: { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 24 },
  })
