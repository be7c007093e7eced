/** Tells the work of this process that jobs may have been added. */
export interface Wake {
  readonly subscribe: (fn: () => void) => () => void
  readonly tell: () => void
}

export function createWake(): Wake {
  const subscribers = new Set<() => void>()
  return {
    subscribe: (fn) => {
      subscribers.add(fn)
      return () => void subscribers.delete(fn)
    },
    tell: () => {
      for (const fn of subscribers) fn()
    },
  }
}
