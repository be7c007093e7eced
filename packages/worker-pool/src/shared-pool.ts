import type { Worker } from 'node:worker_threads'
import { PoolBusyError, PoolClosedError, PoolCrashError, PoolTimeoutError } from './errors.ts'
import { listen } from './listen.ts'
import { type AnswerMessage, NOBODY, PULSE, type TurnMessage } from './protocol.ts'

/** How a shared pool starts its workers, and their limits. */
export type SharedPoolOptions = {
  /** Starts one worker whose file calls `serveTurns`. Called lazily, and again after a kill or crash. */
  spawn: () => Worker
  /** Most workers alive at once. */
  size: number
  /** Milliseconds that one turn of a task may take before the worker is killed. */
  turnMs: number
}

/** Whose task it is, and how long it may take. */
export type SharedRun = {
  /** Owners take turns with the thread. */
  owner: string
  /** How much there is to read. */
  bytes: number
  /** Milliseconds that the task may take in all, waiting for turns and for other things. */
  timeoutMs: number
}

/** Workers that have any number of tasks at once, which mostly wait for something; the caller bounds how many. */
export type SharedPool<In, Out> = {
  /**
   * Runs one task. When it kills its worker, the others in it are begun again in another one.
   *
   * @throws PoolTimeoutError when one turn of this task took too long, PoolCrashError when the worker died in one: this task is to blame
   * @throws PoolBusyError when it was not done in time, or workers died of others too often: it may be tried again later
   * @throws PoolClosedError, or what the handler threw
   */
  run: (input: In, options: SharedRun) => Promise<Out>
  /** Kills every worker; running tasks reject with `PoolClosedError`. */
  close: () => Promise<void>
}

type Task<In, Out> = {
  input: In
  options: SharedRun
  attempts: number
  timer: NodeJS.Timeout | null
  /** Where it runs; null before it has begun. */
  place: { slot: Slot<In, Out>; id: number } | null
  resolve: (output: Out) => void
  reject: (error: unknown) => void
}
type Slot<In, Out> = {
  worker: Worker
  pulse: Int32Array
  running: Map<number, Task<In, Out>>
  /** Tasks that were given up without an answer. */
  lost: Set<number>
  watch: NodeJS.Timeout | null
}

/** Workers in which a task is begun before it is given up. */
const MAX_ATTEMPTS = 3
/** A worker with more unanswered tasks is of no use any more. */
const MAX_LOST = 100
/** How often within the longest turn the pulse is felt. */
const CHECKS = 4

/** Creates a pool of shared workers; an idle one does not keep the process alive. */
export function createSharedPool<In, Out>(options: SharedPoolOptions): SharedPool<In, Out> {
  const slots = new Set<Slot<In, Out>>()
  let lastId = 0
  let closed = false

  function start(): Slot<In, Out> {
    const pulse = new Int32Array(new SharedArrayBuffer(PULSE.length * Int32Array.BYTES_PER_ELEMENT))
    const slot: Slot<In, Out> = { worker: options.spawn(), pulse, running: new Map(), lost: new Set(), watch: null }
    slots.add(slot)
    listen(
      slot.worker,
      (answer: AnswerMessage<Out>) => finish(slot, answer),
      (error, isDead) => fail(slot, error, isDead ? inTurn(slot) : NOBODY),
    )
    slot.worker.postMessage({ kind: 'pulse', pulse } satisfies TurnMessage<In>)
    return slot
  }

  /** The worker with the fewest tasks, or a new one while there are few. */
  function freest(): Slot<In, Out> {
    const [slot] = [...slots].sort((a, b) => a.running.size - b.running.size)
    return slot !== undefined && (slot.running.size === 0 || slots.size >= options.size) ? slot : start()
  }

  function begin(task: Task<In, Out>): void {
    lastId = (lastId % 0x7fffffff) + 1
    const id = lastId
    const { owner, bytes } = task.options
    try {
      const slot = freest()
      slot.worker.postMessage({ kind: 'task', id, input: task.input, owner, bytes } satisfies TurnMessage<In>)
      slot.running.set(id, task)
      task.place = { slot, id }
      slot.worker.ref()
      slot.watch ??= watch(slot)
    } catch (error) {
      // The worker cannot be started, or the input not be cloned.
      end(task, () => task.reject(error))
    }
  }

  const inTurn = ({ pulse }: Slot<In, Out>): number => Atomics.load(pulse, PULSE.task)

  /** Kills the worker when one turn takes too long. */
  function watch(slot: Slot<In, Out>): NodeJS.Timeout {
    let seen = { turns: 0, since: performance.now() }
    return setInterval(() => {
      const [task, turns] = [inTurn(slot), Atomics.load(slot.pulse, PULSE.turns)]
      if (task === NOBODY || turns !== seen.turns) seen = { turns, since: performance.now() }
      else if (performance.now() - seen.since >= options.turnMs) {
        fail(slot, new PoolTimeoutError(`One turn took more than ${options.turnMs} ms`), task)
      }
    }, options.turnMs / CHECKS)
  }

  function end(task: Task<In, Out>, settle: () => void): void {
    if (task.timer !== null) clearTimeout(task.timer)
    settle()
  }

  function release(slot: Slot<In, Out>): void {
    if (slot.running.size > 0) return
    slot.worker.unref()
    if (slot.watch !== null) clearInterval(slot.watch)
    slot.watch = null
  }

  function finish(slot: Slot<In, Out>, answer: AnswerMessage<Out>): void {
    slot.lost.delete(answer.id)
    const task = slot.running.get(answer.id)
    if (task === undefined) return
    slot.running.delete(answer.id)
    end(task, () => (answer.ok ? task.resolve(answer.output) : task.reject(answer.error)))
    release(slot)
  }

  /** Removes the worker, which the caller kills. Returns its tasks. */
  function retire(slot: Slot<In, Out>): [number, Task<In, Out>][] {
    const tasks = [...slot.running]
    slot.running.clear()
    slots.delete(slot)
    release(slot)
    return tasks
  }

  /** Kills the worker, unless that is done. The error is the culprit's; the others begin again elsewhere. */
  function fail(slot: Slot<In, Out>, error: Error, culprit: number): void {
    if (!slots.has(slot)) return
    const tasks = retire(slot)
    void slot.worker.terminate()
    for (const [id, task] of tasks) {
      if (id === culprit) end(task, () => task.reject(error))
      else if (task.attempts < MAX_ATTEMPTS) again(task)
      else end(task, () => task.reject(new PoolBusyError('Workers died of other tasks', { cause: error })))
    }
  }

  function again(task: Task<In, Out>): void {
    task.attempts += 1
    begin(task)
  }

  /** Nobody waits for the task any more. */
  function giveUp(task: Task<In, Out>): void {
    task.reject(new PoolBusyError(`Not done within ${task.options.timeoutMs} ms`))
    if (task.place === null) return
    const { slot, id } = task.place
    slot.running.delete(id)
    slot.lost.add(id)
    release(slot)
    if (slot.lost.size > MAX_LOST) fail(slot, new PoolCrashError('The worker stopped answering'), NOBODY)
  }

  return {
    run: (input, runOptions) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(new PoolClosedError('The worker pool is closed'))
          return
        }
        const task: Task<In, Out> = {
          input,
          options: runOptions,
          attempts: 1,
          timer: null,
          place: null,
          resolve,
          reject,
        }
        task.timer = setTimeout(() => giveUp(task), runOptions.timeoutMs)
        begin(task)
      }),
    close: async () => {
      closed = true
      const error = new PoolClosedError('The worker pool is closed')
      const workers = [...slots].map((slot) => {
        for (const [, task] of retire(slot)) end(task, () => task.reject(error))
        return slot.worker.terminate()
      })
      await Promise.all(workers)
    },
  }
}
