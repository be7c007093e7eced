import { closeSync, openSync, readSync } from 'node:fs'
import type { MessageIndex } from '@mairust/mail-core/message'
import { indexBytes } from './index-bytes.ts'
import { Thinner } from './thin.ts'

/** The worker's input: bytes and ranges of files, in the order of the message. */
export type IndexTask = readonly (Uint8Array | { path: string; from: number; size: number })[]

const CHUNK = 256 * 1024

/** Builds the index of a message. @throws Error when its files cannot be read */
export function indexTask(task: IndexTask): MessageIndex {
  return indexBytes(bytesOf(task))
}

/** Small messages arrive in memory and are read whole; of large ones, only what the index can use is kept. */
function bytesOf(task: IndexTask): Buffer {
  const thinner = new Thinner()
  for (const part of task) {
    if (part instanceof Uint8Array) thinner.take(Buffer.from(part.buffer, part.byteOffset, part.byteLength))
    else readFile(part, thinner)
  }
  return thinner.end()
}

function readFile({ path, from, size }: { path: string; from: number; size: number }, thinner: Thinner): void {
  const chunk = Buffer.allocUnsafe(CHUNK)
  const file = openSync(path, 'r')
  try {
    for (let done = 0; done < size;) {
      const read = readSync(file, chunk, 0, Math.min(CHUNK, size - done), from + done)
      if (read === 0) throw new Error('The spooled message has become shorter')
      thinner.take(chunk.subarray(0, read))
      done += read
    }
  } finally {
    closeSync(file)
  }
}
