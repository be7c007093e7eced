import type { Worker } from 'node:worker_threads'
import { PoolBusyError, PoolClosedError, PoolCrashError, PoolTimeoutError } from './errors.ts'
import { listen } from './listen.ts'
import type { AnswerMessage, TaskMessage } from './protocol.ts'
import type { RunOptions, WorkerPool, WorkerPoolOptions } from './types.ts'

type Task<In, Out> = {
  input: In
  options: RunOptions
  /** Rejects the task when it has waited too long. */
  waitTimer: NodeJS.Timeout | null
  resolve: (output: Out) => void
  reject: (error: unknown) => void
}
type Running<In, Out> = { id: number; task: Task<In, Out>; timer: NodeJS.Timeout }
type Slot<In, Out> = { worker: Worker; running: Running<In, Out> | null }

/**
 * Creates a pool of worker threads. Workers start on demand, and are killed and replaced when a task reaches its time limit; an idle
 * pool does not keep the process alive.
 *
 * @throws RangeError when `size` is below 1.
 */
export function createWorkerPool<In, Out>(options: WorkerPoolOptions): WorkerPool<In, Out> {
  const { size } = options
  if (size < 1) throw new RangeError('A worker pool needs at least one worker')
  const slots = new Set<Slot<In, Out>>()
  const queue: Task<In, Out>[] = []
  let lastId = 0
  let closed = false

  /** Removes a worker from the pool and returns its task; a second call for the same slot finds none. */
  function retire(slot: Slot<In, Out>): Task<In, Out> | null {
    const { running } = slot
    if (running !== null) clearTimeout(running.timer)
    slot.running = null
    slots.delete(slot)
    return running?.task ?? null
  }

  /** Kills the worker. */
  function fail(slot: Slot<In, Out>, error: Error): void {
    const task = retire(slot)
    void slot.worker.terminate()
    task?.reject(error)
    dispatch()
  }

  function finish(slot: Slot<In, Out>, answer: AnswerMessage<Out>): void {
    const { running } = slot
    if (running?.id !== answer.id) return
    clearTimeout(running.timer)
    slot.running = null
    slot.worker.unref()
    if (answer.ok) running.task.resolve(answer.output)
    else running.task.reject(answer.error)
    dispatch()
  }

  function start(): Slot<In, Out> {
    const slot: Slot<In, Out> = { worker: options.spawn(), running: null }
    slots.add(slot)
    listen(
      slot.worker,
      (answer: AnswerMessage<Out>) => finish(slot, answer),
      (error) => fail(slot, error),
    )
    return slot
  }

  const freeSlot = (): Slot<In, Out> | undefined => [...slots].find((slot) => slot.running === null)

  /** Limits a queued task's wait. */
  function startWaitTimer(task: Task<In, Out>): void {
    const { waitMs } = options
    if (waitMs === undefined || !queue.includes(task)) return
    task.waitTimer = setTimeout(() => {
      queue.splice(queue.indexOf(task), 1)
      task.reject(new PoolBusyError(`No worker was free within ${waitMs} ms`))
    }, waitMs)
  }

  function begin(slot: Slot<In, Out>, task: Task<In, Out>): void {
    const timeoutMs = task.options.timeoutMs ?? options.timeoutMs
    lastId += 1
    const id = lastId
    try {
      slot.worker.postMessage({ id, input: task.input } satisfies TaskMessage<In>, task.options.transfer)
    } catch (error) {
      // The input cannot be cloned: the caller's mistake, the worker is unharmed.
      task.reject(error)
      return
    }
    const expire = (): void => fail(slot, new PoolTimeoutError(`No answer within ${timeoutMs} ms`))
    slot.worker.ref()
    slot.running = { id, task, timer: setTimeout(expire, timeoutMs) }
  }

  function dispatch(): void {
    while (queue.length > 0 && !closed) {
      const free = freeSlot()
      if (!free && slots.size >= size) return
      const task = queue.shift()
      if (!task) return
      if (task.waitTimer) clearTimeout(task.waitTimer)
      try {
        begin(free ?? start(), task)
      } catch (error) {
        task.reject(new PoolCrashError('The worker could not be started', { cause: error }))
      }
    }
  }

  return {
    run: (input, runOptions = {}) =>
      new Promise((resolve, reject) => {
        if (closed) {
          reject(new PoolClosedError('The worker pool is closed'))
          return
        }
        const isFree = slots.size < size || freeSlot() !== undefined
        if (!isFree && queue.length >= options.maxQueue) {
          reject(new PoolBusyError('Too many tasks are waiting'))
          return
        }
        const task = { input, options: runOptions, waitTimer: null, resolve, reject }
        queue.push(task)
        dispatch()
        startWaitTimer(task)
      }),
    close: async () => {
      closed = true
      const error = new PoolClosedError('The worker pool is closed')
      const workers = [...slots].map((slot) => {
        retire(slot)?.reject(error)
        return slot.worker.terminate()
      })
      for (const task of queue.splice(0)) {
        if (task.waitTimer) clearTimeout(task.waitTimer)
        task.reject(error)
      }
      await Promise.all(workers)
    },
  }
}
