/** Runs the work of each name in sequence; `null` if too many wait. */
export type KeyedQueue = <T>(name: string, work: () => Promise<T>) => Promise<T | null>

/**
 * Makes a queue that runs one piece of work at a time for each name.
 * @param waiting how many may wait for each name
 */
export const createKeyedQueue = (waiting: number): KeyedQueue => {
  const lines = new Map<string, { last: Promise<unknown>; length: number }>()
  return async (name, work) => {
    const line = lines.get(name) ?? { last: Promise.resolve(), length: 0 }
    if (line.length > waiting) return null
    lines.set(name, line)
    line.length += 1
    const turn = line.last.then(work)
    line.last = turn.catch(() => undefined)
    try {
      return await turn
    } finally {
      line.length -= 1
      if (line.length === 0) lines.delete(name)
    }
  }
}
