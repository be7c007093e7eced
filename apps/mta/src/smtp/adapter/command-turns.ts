/**
 * Commands in a turn of the event loop, of all connections together. Node accepts one connection of a listening socket in a turn: more
 * commands would keep newcomers waiting.
 */
const COMMANDS_PER_TURN = 10

/**
 * Gives the commands of all connections their turns: a flood of them on some must not keep the event loop from the others, whether they
 * finish at once or wait for something. Whoever waits longest is next, and each connection waits with one command.
 */
export class CommandTurns {
  readonly #waiting = new Set<() => void>()
  #left = COMMANDS_PER_TURN
  #isPlanned = false

  /** Whether a command may run now: some are left of this turn, and nobody waits. */
  take(): boolean {
    if (this.#left === 0 || this.#waiting.size > 0) return false
    this.#left -= 1
    this.#plan()
    return true
  }

  /** Runs a command now if it may, else in its turn. */
  wait(run: () => void): void {
    if (this.take()) {
      run()
      return
    }
    this.#waiting.add(run)
    this.#plan()
  }

  /** The event loop comes round in between: sockets are read and timers run. */
  #plan(): void {
    if (this.#isPlanned) return
    this.#isPlanned = true
    setImmediate(() => {
      this.#isPlanned = false
      this.#left = COMMANDS_PER_TURN
      for (const run of this.#waiting) {
        if (this.#left === 0) break
        this.#left -= 1
        this.#waiting.delete(run)
        run()
      }
      if (this.#waiting.size > 0) this.#plan()
    })
  }
}

/** Of the process, as it has one event loop. */
export const commandTurns = new CommandTurns()
