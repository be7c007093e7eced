import { PoolBusyError } from './errors.ts'

/** How much a fair queue lets run, and how long it lets others wait. */
export type FairQueueOptions = {
  /** Most pieces of work that run at once. */
  width: number
  /** Most of them for one name, so that one name never holds all. */
  widthPerName: number
  /** Most bytes that running work holds together; larger work runs alone. */
  maxBytes: number
  /** Most pieces of work of one name that wait. */
  maxWaitingPerName: number
  /** Most milliseconds that a piece of work waits. */
  waitMs: number
}

/** Runs work for several names in turns. */
export type FairQueue = {
  /**
   * Runs `work` when it is this name's turn and there is room for its bytes.
   * @throws PoolBusyError when too much of this name waits already, or for too long
   */
  run: <T>(name: string, bytes: number, work: () => Promise<T>) => Promise<T>
}

type Waiting = { bytes: number; begin: () => void }
type Line = { waiting: Waiting[]; running: number }

/** Makes a queue in which every name that waits gets its turn before any gets another. */
export function createFairQueue(options: FairQueueOptions): FairQueue {
  // In the order of their last turn, the longest ago first.
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
      // Nobody overtakes who waits for room: large work would wait for ever.
      if (running > 0 && bytes + next.bytes > options.maxBytes) return
      begin(name, line, next)
    }
  }

  /** Resolves when it is this name's turn. */
  function turn(name: string, line: Line, wanted: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => {
        line.waiting.splice(line.waiting.indexOf(waiting), 1)
        forget(name, line)
        reject(new PoolBusyError(`No turn came within ${options.waitMs} ms`))
        advance()
      }, options.waitMs)
      const waiting = {
        bytes: wanted,
        begin: () => {
          clearTimeout(patience)
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
      if (line.waiting.length >= options.maxWaitingPerName) throw new PoolBusyError('Too much waits already')
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
