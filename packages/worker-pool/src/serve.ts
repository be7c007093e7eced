import { type MessagePort, parentPort } from 'node:worker_threads'
import { type AnswerMessage, NOBODY, PULSE, type TaskMessage, type TurnMessage } from './protocol.ts'
import { TurnTaker } from './turns.ts'

/**
 * The worker's side of the pool: answers each task with what `handler` returns or throws. Call it once, at the top
 * level of the worker's file. Structured clone turns Buffers in the input into plain Uint8Arrays.
 *
 * @throws Error when called outside a worker thread.
 */
export function serveTasks(handler: (input: never) => unknown): void {
  const port = portOf()
  port.on('message', ({ id, input }: TaskMessage<never>) => {
    void answer(port, id, () => handler(input))
  })
}

/** Waits for something that takes none of the thread's time, and then for the task's next turn. */
export type After = <T>(work: Promise<T>) => Promise<T>

/**
 * The worker's side of a shared pool, as `serveTasks`. Each task begins with a turn; the handler waits for everything else by
 * `after`, so that no task runs on in another's turn.
 *
 * @throws Error when called outside a worker thread.
 */
export function serveTurns(handler: (input: never, after: After) => unknown): void {
  const port = portOf()
  let pulse: Int32Array = new Int32Array(PULSE.length)
  const turns = new TurnTaker((id) => {
    // Counted before, so that whoever sees the task sees its turn.
    if (id !== NOBODY) Atomics.add(pulse, PULSE.turns, 1)
    Atomics.store(pulse, PULSE.task, id)
  })
  port.on('message', (message: TurnMessage<never>) => {
    if (message.kind === 'pulse') {
      ;({ pulse } = message)
      return
    }
    const { id, input, owner, bytes } = message
    const after: After = async (work) => {
      try {
        return await work
      } finally {
        await turns.take({ id, owner, bytes: 0 })
      }
    }
    void answer(port, id, async () => {
      await turns.take({ id, owner, bytes })
      return handler(input, after)
    })
  })
}

function portOf(): MessagePort {
  if (parentPort === null) throw new Error('Tasks are served in a worker thread')
  return parentPort
}

async function answer(port: MessagePort, id: number, work: () => unknown): Promise<void> {
  const message = await outcome(id, work)
  try {
    port.postMessage(message)
  } catch (error) {
    // The result cannot be cloned (a function, a stream), but the task still needs an answer.
    port.postMessage({ id, ok: false, error: new Error(String(error)) } satisfies AnswerMessage<unknown>)
  }
}

async function outcome(id: number, work: () => unknown): Promise<AnswerMessage<unknown>> {
  try {
    return { id, ok: true, output: await work() }
  } catch (error) {
    return { id, ok: false, error: error instanceof Error ? error : new Error(String(error)) }
  }
}
