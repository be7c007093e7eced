import { parentPort } from 'node:worker_threads'
import type { AnswerMessage, TaskMessage } from './protocol.ts'

/**
 * The worker's side of the pool: answers each task with what `handler` returns or throws. Call it once, at the top
 * level of the worker's file. Structured clone turns Buffers in the input into plain Uint8Arrays.
 *
 * @throws Error when called outside a worker thread.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- inferred from the handler, like the pool's
export function serveTasks<In>(handler: (input: In) => unknown): void {
  const port = parentPort
  if (port === null) throw new Error('serveTasks must be called in a worker thread')
  port.on('message', (task: TaskMessage<In>) => {
    void answer(handler, task).then((message) => {
      try {
        port.postMessage(message)
      } catch (error) {
        // The result cannot be cloned (a function, a stream), but the task still needs an answer.
        port.postMessage({ id: task.id, ok: false, error: new Error(String(error)) } satisfies AnswerMessage<unknown>)
      }
    })
  })
}

async function answer<In>(handler: (input: In) => unknown, task: TaskMessage<In>): Promise<AnswerMessage<unknown>> {
  try {
    return { id: task.id, ok: true, output: await handler(task.input) }
  } catch (error) {
    return { id: task.id, ok: false, error: error instanceof Error ? error : new Error(String(error)) }
  }
}
