import { createTurnTree } from './turn-tree.ts'

/** Connections accepted between two pieces of work while more of them come. */
const ACCEPTED_BETWEEN = 8

/** Whose work it is, by names from the widest to the narrowest, such as a line, its networks and their addresses. */
export type WorkOwner = readonly string[]

/**
 * Turns of short pieces of work, one in a round of the event loop. Node accepts one connection of a listening socket in a round, so that
 * a round with work for each busy connection would keep newcomers waiting for all of it.
 */
export type LoopTurns = {
  /**
   * Begins a piece of work at once if it is alone in this round and nothing waits, else in turn: the widest names have their turns, and
   * in each of them the narrower ones. No owner's names are the beginning of another's.
   * @returns what gives it up if it has not begun
   */
  begin: (owner: WorkOwner, work: () => void) => () => void
  /** How much of an owner waits. */
  waitingOf: (owner: WorkOwner) => number
  /** Says that a connection was accepted: some more are, if they wait, before work begins. */
  accepted: () => void
}

/** Creates the turns of an event loop: whoever was served last comes last. */
export function createLoopTurns(): LoopTurns {
  const waiting = createTurnTree<() => void>()
  let hasBegun = false
  let isAccepting = false
  let accepted = 0
  let isPlanned = false

  const mustWait = (): boolean => hasBegun || (isAccepting && accepted < ACCEPTED_BETWEEN)

  function run(work: () => void): void {
    hasBegun = true
    accepted = 0
    plan()
    work()
  }

  /** The event loop comes round in between: connections are accepted, sockets are read and timers run. */
  function plan(): void {
    if (isPlanned) return
    isPlanned = true
    setImmediate(() => {
      isPlanned = false
      hasBegun = false
      const work = mustWait() ? null : waiting.takeNext()
      isAccepting = false
      if (work !== null) run(work)
      if (!waiting.isEmpty()) plan()
    })
  }

  return {
    begin: (owner, work) => {
      if (waiting.isEmpty() && !mustWait()) {
        run(work)
        return () => undefined
      }
      // The same function may be given twice.
      const own = () => work()
      waiting.add(owner, own)
      plan()
      return () => waiting.remove(owner, own)
    },
    waitingOf: waiting.countOf,
    accepted: () => {
      isAccepting = true
      accepted += 1
      plan()
    },
  }
}
