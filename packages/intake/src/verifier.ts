import { Worker } from 'node:worker_threads'
import type { Config } from '@mairust/config'
import type { Verification } from '@mairust/mail-core/auth'
import { createFairQueue, createWorkerPool, PoolCrashError, PoolTimeoutError } from '@mairust/worker-pool'
import { type Part, sizeOf } from './part.ts'
import type { VerifyTask } from './verify-task.ts'

/** A message as received, and what the session says about it. */
export type Unverified = Omit<VerifyTask, 'body' | 'lookupMs' | 'sender'> & { readonly body: Part }

/** Finds out who sent messages, where a hostile one cannot take the server down. */
export interface MessageVerifier {
  /**
   * Verifies a message (see `verify` of mail-core) within 22 seconds. Most of that is waiting for name servers, so workers have many
   * messages at once; large ones, and those of senders whose message killed its worker a while ago, leave room to the others.
   *
   * @param sender what a flood has in common: the client's network
   * @throws Error when nothing was found out: the worker died, it took too long, or too many wait. Whoever sent the message tries again.
   */
  verify(message: Unverified, sender: string): Promise<Verification>
  close(): Promise<void>
}

const WORKERS = 2
/** Messages that a worker has at once. Each may wait for name servers, while two messages at most keep two cores busy. */
const TASKS = 64
/** Milliseconds for all look-ups of a message, so that an answer of 451 is there within the 25 seconds that a message has. */
const LOOKUP_LIMIT = 16_000
/** Milliseconds after which a worker is killed: no honest message takes as long beside its look-ups. */
const TIME_LIMIT = 20_000
const WAIT_LIMIT = 2000
const MAX_WAITING = 1000
/** Messages of more bytes are slow to verify. */
const LARGE = 1_048_576
const MAX_LARGE = 4
/** Milliseconds for which senders are slow after their message killed its worker. */
const BLAMED = 10 * 60_000

interface VerifierOptions {
  readonly dns: Config['dns']
  readonly spawn?: () => Worker
  /** Milliseconds, instead of those above. */
  readonly limits?: { readonly lookupMs?: number; readonly timeMs?: number }
}

/** Creates a verifier on worker threads with a resolver and its cache each; the worker's file lies beside this one, in the bundle too. */
export function createMessageVerifier({ dns, spawn, limits = {} }: VerifierOptions): MessageVerifier {
  const { lookupMs = LOOKUP_LIMIT, timeMs = TIME_LIMIT } = limits
  const pool = createWorkerPool<VerifyTask, Verification>({
    spawn: spawn ?? (() => startWorker(dns)),
    size: WORKERS,
    tasksPerWorker: TASKS,
    timeoutMs: timeMs,
    maxQueue: MAX_WAITING,
    waitMs: WAIT_LIMIT,
  })
  const queue = createFairQueue({
    width: WORKERS * TASKS,
    // One server may bring most of the mail, but nobody whose name servers are silent may take all the room.
    widthPerName: (WORKERS * TASKS) / 2,
    maxBytes: Infinity,
    maxWaitingPerName: MAX_WAITING,
    waitMs: WAIT_LIMIT,
    slow: { width: MAX_LARGE, bytes: LARGE, forMs: BLAMED },
  })

  async function run(task: VerifyTask, sender: string): Promise<Verification> {
    try {
      return await pool.run(task)
    } catch (error) {
      // Which of the messages in a worker killed it is not known: their senders are slow for a while.
      if (error instanceof PoolTimeoutError || error instanceof PoolCrashError) queue.blame(sender)
      throw error
    }
  }

  return {
    verify: ({ body, ...about }, sender) =>
      queue.run(sender, sizeOf(body), () => run({ ...about, body, lookupMs, sender }, sender)),
    close: () => pool.close(),
  }
}

const startWorker = (dns: Config['dns']): Worker =>
  new Worker(new URL('./verify.worker.ts', import.meta.url), {
    workerData: { dns: { servers: dns.servers, timeoutMs: dns.timeout_ms } },
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  })
