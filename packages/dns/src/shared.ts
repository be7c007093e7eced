import type { Entry } from './turns.ts'
import type { Answer, RecordType, Temporary } from './types.ts'

type Found = Answer<RecordType>
/** Asks, and settles with the answer; ends with the turn. */
type Ask = (settle: (answer: Found) => void, unwanted: AbortSignal) => Promise<void>

const CANCELLED: Temporary = { kind: 'temporary', cause: 'cancelled' }

/** One question, asked once for all who want its answer, and only as long as anybody does. */
export class SharedQuestion implements Entry {
  readonly #ask: Ask
  readonly #drop: () => void
  readonly #unwanted = new AbortController()
  readonly #answer: Promise<Found>
  #settle: (answer: Found) => void = () => undefined
  #waiting = 0
  #hasBegun = false

  /** @param drop called when nobody waits any more */
  constructor(ask: Ask, drop: () => void) {
    this.#ask = ask
    this.#drop = drop
    this.#answer = new Promise((resolve) => (this.#settle = resolve))
  }

  get hasBegun(): boolean {
    return this.#hasBegun
  }

  get isWanted(): boolean {
    return this.#waiting > 0
  }

  begin(): Promise<void> {
    this.#hasBegun = true
    return this.#ask(this.#settle, this.#unwanted.signal)
  }

  /** The answer, or `cancelled` as soon as the signal says so. */
  wait(signal: AbortSignal | undefined): Promise<Found> {
    this.#waiting += 1
    if (signal === undefined) return this.#answer
    return new Promise((resolve) => {
      const stop = (): void => {
        resolve(CANCELLED)
        this.#waiting -= 1
        if (this.#waiting > 0) return
        this.#unwanted.abort()
        this.#drop()
      }
      signal.addEventListener('abort', stop, { once: true })
      void this.#answer.then((answer) => {
        signal.removeEventListener('abort', stop)
        resolve(answer)
      })
    })
  }
}
