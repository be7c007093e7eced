import { SMTPStream } from 'smtp-server/lib/smtp-stream.js'
import { CommandLines, type LineProblem } from '../command-lines.ts'

/** Commands per event loop turn, so that a full segment of them does not starve other connections. */
const COMMANDS_PER_TURN = 50

/** Fixes the library's parser, which accepts bare LF and runs an unfinished last command when the client closes. */
export class CommandStream extends SMTPStream {
  readonly #lines = new CommandLines()
  readonly #isAuth: () => boolean
  readonly #bad: (problem: LineProblem) => void

  constructor(isAuth: () => boolean, bad: (problem: LineProblem) => void) {
    super({})
    this.#isAuth = isAuth
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

  /** Runs commands in order; each calls back when the next may begin. */
  #run(next: (error?: Error | null) => void): void {
    const step = (): void => {
      for (let turn = 1; ; turn += 1) {
        const line = this.#takeLine()
        if (line === null) {
          this.#passRest(next)
          return
        }
        let waiting = false
        let finished = false
        this.oncommand(line, () => {
          if (finished) return
          finished = true
          if (waiting) step()
        })
        if (!isTrue(finished)) {
          waiting = true
          return
        }
        if (turn >= COMMANDS_PER_TURN) {
          setImmediate(step)
          return
        }
      }
    }
    step()
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
