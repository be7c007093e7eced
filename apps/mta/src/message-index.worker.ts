import { openSync, readSync, closeSync } from 'node:fs'
import { buildIndex, type MessageIndex } from '@mairust/mail-core/message'
import { serveTasks } from '@mairust/worker-pool'

/** What the worker is given: bytes, and stretches of files, in the order of the message. */
export type IndexTask = readonly (Uint8Array | { path: string; from: number; size: number })[]

serveTasks((task: IndexTask): MessageIndex => buildIndex(Buffer.concat(task.map(bytesOf))))

function bytesOf(part: IndexTask[number]): Uint8Array {
  if (part instanceof Uint8Array) return part
  const bytes = Buffer.allocUnsafe(part.size)
  const file = openSync(part.path, 'r')
  try {
    let done = 0
    while (done < part.size) {
      const read = readSync(file, bytes, done, part.size - done, part.from + done)
      if (read === 0) throw new Error('The spooled message is shorter than it was')
      done += read
    }
    return bytes
  } finally {
    closeSync(file)
  }
}
