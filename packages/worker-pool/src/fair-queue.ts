import { PoolBusyError } from './errors.ts'

/** Limits of a fair queue. */
export type FairQueueOptions = {
  /** Most tasks running at once. */
  width: number
  /** Most tasks of one name running at once, so that no name takes all the room. */
  widthPerName: number
  /** Most bytes held by all running tasks; a larger task runs alone. */
  maxBytes: number
  /** Most tasks of one name waiting. */
  maxWaitingPerName: number
  /** Milliseconds a task may wait. */
  waitMs: number
}

/** Runs tasks of several names in turn. */
export type FairQueue = {
  /**
   * Runs `work` when it is this name's turn and there is room for its bytes.
   * @throws PoolBusyError when too many tasks of this name are waiting, or this one has waited too long
   */
  run: <T>(name: string, bytes: number, work: () => Promise<T>) => Promise<T>
}

type Waiting = { bytes: number; begin: () => void }
type Line = { waiting: Waiting[]; running: number }

/** Creates a queue that serves every waiting name once before it serves any a second time. */
export function createFairQueue(options: FairQueueOptions): FairQueue {
  // Least recently served first.
  const lines = new Map<string, Line>()
  let running = 0
  let bytes = 0

  function begin(name: string, line: Line, next: Waiting): void {
    line.waiting.shift()
    line.running += 1
    running += 1
    bytes += next.bytes
    putLast(name, line)
    next.begin()
  }

  function end(name: string, line: Line, freed: number): void {
    line.running -= 1
    running -= 1
    bytes -= freed
    putLast(name, line)
    forget(name, line)
    advance()
  }

  function putLast(name: string, line: Line): void {
    lines.delete(name)
    lines.set(name, line)
  }

  function forget(name: string, line: Line): void {
    if (line.running === 0 && line.waiting.length === 0) lines.delete(name)
  }

  function advance(): void {
    for (const [name, line] of [...lines]) {
      const [next] = line.waiting
      if (next === undefined || line.running >= options.widthPerName) continue
      if (running >= options.width) return
      // No task may overtake one that waits for room, or large ones would starve.
      if (running > 0 && bytes + next.bytes > options.maxBytes) return
      begin(name, line, next)
    }
  }

  /** Resolves when it is this name's turn. */
  function turn(name: string, line: Line, wanted: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const waitTimer = setTimeout(() => {
        line.waiting.splice(line.waiting.indexOf(waiting), 1)
        forget(name, line)
        reject(new PoolBusyError(`The task got no turn within ${options.waitMs} ms`))
        advance()
      }, options.waitMs)
      const waiting = {
        bytes: wanted,
        begin: () => {
          clearTimeout(waitTimer)
          resolve()
        },
      }
      line.waiting.push(waiting)
      advance()
    })
  }

  return {
    run: async (name, wanted, work) => {
      const line = lines.get(name) ?? { waiting: [], running: 0 }
      if (line.waiting.length >= options.maxWaitingPerName) throw new PoolBusyError('Too many tasks are waiting')
      lines.set(name, line)
      await turn(name, line, wanted)
      try {
        return await work()
      } finally {
        end(name, line, wanted)
      }
    },
  }
}
