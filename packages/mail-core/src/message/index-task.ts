import type { MessageIndex } from './types.ts'

/** Reads a message into what is stored of it. Pure, never throws; run it in a worker for large messages. */
export function buildIndex(raw: Buffer): MessageIndex {
  throw new Error(`not yet ${raw.length}`)
}
