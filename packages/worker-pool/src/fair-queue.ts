import { PoolBusyError } from './errors.ts'
import { putBounded, putLast } from './recency.ts'

/** Limits of a fair queue. */
export type FairQueueOptions = {
  /** Most tasks running at once. */
  width: number
  /** Most tasks of one name running at once, so that no name takes all the room. */
  widthPerName: number
  /** Most bytes held by all running tasks, and of one name, if limited; a larger task runs alone. Tasks without bytes need no room. */
  maxBytes: number
  bytesPerName?: number | undefined
  /** Most tasks of one name waiting. */
  maxWaitingPerName: number
  /** Milliseconds a task may wait. */
  waitMs: number
  /** Room kept free of slow tasks, so that the others never wait for these alone. By default, no task is slow. */
  slow?: SlowOptions | undefined
}

/** Which tasks are slow: large ones, and all of a name whose task took too long. */
type SlowOptions = {
  /** Most slow tasks of all names running at once. */
  width: number
  /** Tasks of more bytes are slow. */
  bytes: number
  /** Milliseconds for which the tasks of a name are slow after one took too long. */
  forMs: number
}

/** Runs tasks of several names in turn. */
export type FairQueue = {
  /**
   * Runs `work` when it is this name's turn and there is room for its bytes.
   * @param signal aborts when nobody wants the result any more; work that has begun goes on
   * @throws PoolBusyError when too many tasks of this name are waiting, this one has waited too long, or nobody wants it any more
   */
  run: <T>(name: string, bytes: number, work: () => Promise<T>, signal?: AbortSignal) => Promise<T>
  /** Says that a task of this name took too long: for a while, all of its tasks are slow. */
  blame: (name: string) => void
}

type Waiting = { bytes: number; begin: (isSlow: boolean) => void }
/** Names remembered as slow. */
const MAX_BLAMED = 10_000

type Line = { waiting: Waiting[]; running: number; bytes: number }

/** Creates a queue that serves every waiting name once before it serves any a second time. */
export function createFairQueue(options: FairQueueOptions): FairQueue {
  // Least recently served first.
  const lines = new Map<string, Line>()
  let running = 0
  let runningSlow = 0
  let bytes = 0
  /** When names are forgiven. */
  const blamed = new Map<string, number>()

  function begin(name: string, line: Line, next: Waiting): void {
    const isSlow = isSlowTask(name, next)
    line.waiting.splice(line.waiting.indexOf(next), 1)
    line.running += 1
    running += 1
    if (isSlow) runningSlow += 1
    bytes += next.bytes
    line.bytes += next.bytes
    putLast(lines, name)
    next.begin(isSlow)
  }

  function end(name: string, line: Line, freed: number, wasSlow: boolean): void {
    line.running -= 1
    running -= 1
    if (wasSlow) runningSlow -= 1
    bytes -= freed
    line.bytes -= freed
    putLast(lines, name)
    forget(name, line)
    advance()
  }

  function forget(name: string, line: Line): void {
    if (line.running === 0 && line.waiting.length === 0) lines.delete(name)
  }

  function isSlowTask(name: string, task: Waiting): boolean {
    const { slow } = options
    return slow !== undefined && (task.bytes > slow.bytes || (blamed.get(name) ?? 0) > Date.now())
  }

  /** The first task of a name that slow ones, and those that hold bytes, leave room for. */
  function nextOf(name: string, line: Line, hasBytes: boolean): Waiting | undefined {
    const hasRoom = options.slow === undefined || runningSlow < options.slow.width
    const { bytesPerName = Infinity } = options
    return line.waiting.find(
      (task) =>
        (task.bytes === 0 || (hasBytes && (line.bytes === 0 || line.bytes + task.bytes <= bytesPerName))) &&
        (hasRoom || !isSlowTask(name, task)),
    )
  }

  function blame(name: string): void {
    const { slow } = options
    if (slow !== undefined) putBounded(blamed, name, Date.now() + slow.forMs, MAX_BLAMED)
  }

  /** Begins all that there is room for. */
  function advance(): void {
    while (running < options.width && serveEach());
  }

  /** Begins one task of each name that there is room for; whether it began any. */
  function serveEach(): boolean {
    let hasBegun = false
    // No task may overtake one that waits for room, or large ones would starve; those without bytes take none of it.
    let hasBytes = true
    for (const [name, line] of [...lines]) {
      if (running >= options.width) return hasBegun
      if (line.waiting.length === 0 || line.running >= options.widthPerName) continue
      let next = nextOf(name, line, hasBytes)
      if (next !== undefined && next.bytes > 0 && bytes > 0 && bytes + next.bytes > options.maxBytes) {
        hasBytes = false
        next = nextOf(name, line, hasBytes)
      }
      if (next === undefined) continue
      begin(name, line, next)
      hasBegun = true
    }
    return hasBegun
  }

  /** Resolves when it is this name's turn, with whether the task is slow. */
  function turn(name: string, line: Line, wanted: number, signal: AbortSignal | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const stopWaiting = (): void => {
        clearTimeout(waitTimer)
        signal?.removeEventListener('abort', leave)
      }
      const giveUp = (why: string): void => {
        stopWaiting()
        line.waiting.splice(line.waiting.indexOf(waiting), 1)
        forget(name, line)
        reject(new PoolBusyError(why))
        advance()
      }
      const leave = (): void => giveUp('Nobody waits for the task any more')
      const waitTimer = setTimeout(() => giveUp(`The task got no turn within ${options.waitMs} ms`), options.waitMs)
      const waiting = {
        bytes: wanted,
        begin: (isSlow: boolean) => {
          stopWaiting()
          resolve(isSlow)
        },
      }
      line.waiting.push(waiting)
      signal?.addEventListener('abort', leave)
      if (signal?.aborted === true) leave()
      else advance()
    })
  }

  return {
    run: async (name, wanted, work, signal) => {
      const line = lines.get(name) ?? { waiting: [], running: 0, bytes: 0 }
      if (line.waiting.length >= options.maxWaitingPerName) throw new PoolBusyError('Too many tasks are waiting')
      lines.set(name, line)
      const isSlow = await turn(name, line, wanted, signal)
      try {
        return await work()
      } finally {
        end(name, line, wanted, isSlow)
      }
    },
    blame,
  }
}
