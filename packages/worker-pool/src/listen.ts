import type { Worker } from 'node:worker_threads'
import { PoolCrashError } from './errors.ts'
import type { AnswerMessage } from './protocol.ts'

/**
 * Listens to a worker, which keeps no process alive by that.
 * @param onCrash told, perhaps twice, that the worker is of no use any more, and whether it is dead or only wrote what cannot be read
 */
export function listen(
  worker: Worker,
  onAnswer: (answer: AnswerMessage<never>) => void,
  onCrash: (error: PoolCrashError, isDead: boolean) => void,
): void {
  worker.unref()
  worker.on('message', onAnswer)
  worker.on('messageerror', (cause) => onCrash(new PoolCrashError('The answer was unreadable', { cause }), false))
  worker.on('error', (cause) => onCrash(new PoolCrashError('The worker crashed', { cause }), true))
  worker.on('exit', (code) => onCrash(new PoolCrashError(`The worker exited with code ${code}`), true))
}
