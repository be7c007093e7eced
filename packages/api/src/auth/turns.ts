/**
 * Lets only one piece of work at a time run for each name. At most `waiting` wait for their turn.
 * @returns `null` when too many wait
 */
export const createTurns = (waiting: number) => {
  const lines = new Map<string, { last: Promise<unknown>; length: number }>()
  return async <T>(name: string, work: () => Promise<T>): Promise<T | null> => {
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
