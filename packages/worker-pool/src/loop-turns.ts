import { putLast } from './recency.ts'

/** Connections accepted between two pieces of work while more of them come. */
const ACCEPTED_BETWEEN = 8

/** Whose work it is: groups have their turns, and in each of them its names. */
export type WorkOwner = { group: string; name: string }

/**
 * Turns of short pieces of work, one in a round of the event loop. Node accepts one connection of a listening socket in a round, so that
 * a round with work for each busy connection would keep newcomers waiting for all of it.
 */
export type LoopTurns = {
  /**
   * Begins a piece of work at once if it is alone in this round and nothing waits, else in turn.
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
  // Least recently served first, of groups and of names.
  const groups = new Map<string, Map<string, Set<() => void>>>()
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
      const work = mustWait() ? null : takeNext()
      isAccepting = false
      if (work !== null) run(work)
      if (groups.size > 0) plan()
    })
  }

  function takeNext(): (() => void) | null {
    for (const [group, names] of groups) {
      for (const [name, waiting] of names) {
        for (const work of waiting) {
          remove({ group, name }, work)
          putLast(groups, group)
          putLast(names, name)
          return work
        }
      }
    }
    return null
  }

  function remove({ group, name }: WorkOwner, work: () => void): void {
    const names = groups.get(group)
    const waiting = names?.get(name)
    if (names === undefined || waiting?.delete(work) !== true) return
    if (waiting.size === 0) names.delete(name)
    if (names.size === 0) groups.delete(group)
  }

  return {
    begin: (owner, work) => {
      if (groups.size === 0 && !mustWait()) {
        run(work)
        return () => undefined
      }
      const { group, name } = owner
      const names = groups.get(group) ?? new Map<string, Set<() => void>>()
      const waiting = names.get(name) ?? new Set<() => void>()
      // The same function may be given twice.
      const own = () => work()
      groups.set(group, names.set(name, waiting.add(own)))
      plan()
      return () => remove(owner, own)
    },
    waitingOf: ({ group, name }) => groups.get(group)?.get(name)?.size ?? 0,
    accepted: () => {
      isAccepting = true
      accepted += 1
      plan()
    },
  }
}
