import { SMTPStream } from 'smtp-server/lib/smtp-stream.js'
import { CommandLines, type LineProblem } from '../command-lines.ts'
import { commandTurns } from './command-turns.ts'

/** Fixes the library's parser, which accepts bare LF and runs an unfinished last command when the client closes. */
export class CommandStream extends SMTPStream {
  readonly #lines = new CommandLines()
  readonly #isAuth: () => boolean
  readonly #isDropping: () => boolean
  readonly #bad: (problem: LineProblem) => void

  /** `isDropping`: whether commands are dropped, as during a TLS handshake. */
  constructor(isAuth: () => boolean, isDropping: () => boolean, bad: (problem: LineProblem) => void) {
    super({})
    this.#isAuth = isAuth
    this.#isDropping = isDropping
    this.#bad = bad
  }

  /** Whether the client has sent more without waiting. */
  get pending(): boolean {
    return this.#lines.pending
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding | 'buffer', next: (error?: Error | null) => void): void {
    this.#lines.add(chunk)
    this.#run(next)
  }

  /** Runs commands in order, each in its turn, until there is none. */
  #run(next: (error?: Error | null) => void): void {
    // What is left after STARTTLS must be dropped before the handshake ends, and a message is no command: neither waits for a turn.
    const isFree = (): boolean => this._dataMode || this.#isDropping()
    const run = (): void => {
      for (;;) {
        const line = this.#takeLine()
        if (line === null) {
          this.#passRest(next)
          return
        }
        if (!this.#finishes(line, go)) return
        if (!isFree() && !commandTurns.take()) {
          commandTurns.wait(run)
          return
        }
      }
    }
    const go = (): void => {
      if (isFree()) run()
      else commandTurns.wait(run)
    }
    go()
  }

  /** Runs a command. @returns whether it finished at once; else `then` is called when it has */
  #finishes(line: Buffer, then: () => void): boolean {
    let waiting = false
    let finished = false
    this.oncommand(line, () => {
      if (finished) return
      finished = true
      if (waiting) then()
    })
    waiting = !isTrue(finished)
    return !waiting
  }

  /** The next command; null when there is none, or when the bytes belong to a message. */
  #takeLine(): Buffer | null {
    if (this.isClosed || this._dataMode) return null
    const { line, problem } = this.#lines.next(this.#isAuth())
    if (problem !== null) this.#bad(problem)
    return line
  }

  /** Passes on what follows DATA: it belongs to the message. */
  #passRest(next: (error?: Error | null) => void): void {
    const rest = this._dataMode && !this.isClosed ? this.#lines.takeRest() : null
    if (rest === null || rest.length === 0) next()
    else this._feedDataStream(rest, next)
  }

  override _flushData(): void {
    // A line without CRLF is not a command.
  }
}

/** Hides the variable from flow analysis, which does not see the callback set it. */
const isTrue = (value: boolean): boolean => value
