import { parentPort } from 'node:worker_threads'
import type { AnswerMessage, TaskMessage } from './protocol.ts'

/**
 * The worker's side: answers every task of the pool with what `handler` returns or throws. Call it once, at the top
 * level of the worker's file.
 *
 * @throws Error when called outside a worker thread.
 */
export function serveTasks<In, Out>(handler: (input: In) => Out | Promise<Out>): void {
  const port = parentPort
  if (port === null) throw new Error('serveTasks must be called in a worker thread')
  port.on('message', (task: TaskMessage<In>) => {
    void answer(handler, task).then((message) => {
      try {
        port.postMessage(message)
      } catch (error) {
        // The result could not be cloned (a function, a stream); the task must still get an answer.
        port.postMessage({ id: task.id, ok: false, error: new Error(String(error)) } satisfies AnswerMessage<Out>)
      }
    })
  })
}

async function answer<In, Out>(
  handler: (input: In) => Out | Promise<Out>,
  task: TaskMessage<In>,
): Promise<AnswerMessage<Out>> {
  try {
    return { id: task.id, ok: true, output: await handler(task.input) }
  } catch (error) {
    return { id: task.id, ok: false, error: error instanceof Error ? error : new Error(String(error)) }
  }
}
