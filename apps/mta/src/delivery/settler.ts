import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseBusyError, DatabaseUnavailableError, type Db, isDiskFull } from '@mairust/db'
import { type AttemptOutcome, settleDeliveries } from '@mairust/db/queries/delivery-settle'
import type { Log } from '@mairust/log'

export interface SettlerOptions {
  readonly db: Db
  readonly now: () => number
  /** Told in the same transaction what counts: who is told of it, what is suppressed. */
  readonly onSettled: (tx: Db, counted: readonly AttemptOutcome[]) => Promise<void>
  readonly log: Log
}

const AGAIN_MS = 1000
/** Outcomes in one transaction. */
const MAX_BATCH = 200

interface Waiting {
  readonly outcomes: readonly AttemptOutcome[]
  readonly done: (written: boolean) => void
}

/**
 * Writes down what came of attempts, those that end together in one transaction. A remote's 250 is not taken back by trouble with our
 * database: it is written as soon as that answers again (O12).
 */
export class Settler {
  readonly #options: SettlerOptions
  #waiting: Waiting[] = []
  #running: Promise<void> | null = null
  #failing = false
  readonly #ending = new AbortController()

  constructor(options: SettlerOptions) {
    this.#options = options
  }

  /** Resolves when they are written; false when they could not be before the end. */
  settle(outcomes: readonly AttemptOutcome[]): Promise<boolean> {
    if (outcomes.length === 0) return Promise.resolve(true)
    return new Promise((done) => {
      this.#waiting.push({ outcomes, done })
      this.#running ??= this.#run()
    })
  }

  /** Whether something could not be written yet. */
  get isFailing(): boolean {
    return this.#failing
  }

  /** From now on what cannot be written is given up: its lease ends by itself. */
  giveUp(): void {
    this.#ending.abort()
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    await this.#running
  }

  async #run(): Promise<void> {
    // What ends within the same turn of the event loop goes together.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.#waiting.length > 0) {
      const failed = await this.#write(this.#next())
      this.#failing = failed.length > 0
      if (failed.length === 0) continue
      if (this.#ending.signal.aborted) for (const { done } of failed) done(false)
      else {
        this.#waiting.push(...failed)
        await sleep(AGAIN_MS, undefined, { signal: this.#ending.signal }).catch(() => undefined)
      }
    }
    this.#running = null
  }

  #next(): Waiting[] {
    let size = 0
    const count = this.#waiting.findIndex(({ outcomes }) => (size += outcomes.length) > MAX_BATCH)
    return this.#waiting.splice(0, count === -1 ? this.#waiting.length : Math.max(count, 1))
  }

  /** Returns what could not be written: after trouble each is tried alone, so that none holds up the others. */
  async #write(batch: readonly Waiting[]): Promise<Waiting[]> {
    const { db, now, onSettled, log } = this.#options
    const outcomes = batch.flatMap((one) => one.outcomes)
    try {
      await db.transaction(async (tx) => {
        const counted = await settleDeliveries(tx, outcomes, new Date(now()))
        await onSettled(tx, counted)
      })
      for (const { done } of batch) done(true)
      return []
    } catch (error) {
      if (batch.length > 1 && !isOutage(error)) {
        const failed: Waiting[] = []
        for (const one of batch) failed.push(...(await this.#write([one])))
        return failed
      }
      log.error({ err: error, outcomes: outcomes.length }, 'Results of deliveries could not be written; trying again')
      return [...batch]
    }
  }
}

const isOutage = (error: unknown): boolean =>
  error instanceof DatabaseBusyError || error instanceof DatabaseUnavailableError || isDiskFull(error)
