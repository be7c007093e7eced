import { SPACE_RESERVE } from './free-space.ts'

const KNOWN_MS = 1000

/** The room on the disk for files on their way: what is free above the reserve, and what such files hold. */
export interface FileRoom {
  /** Bytes, measured at most once a second; negative if the reserve is in use, Infinity if the system does not tell. */
  readonly bytes: () => Promise<number>
  /** What was last measured; Infinity before. */
  readonly last: () => number
  /** Bytes have been written into the files, or, negative, removed. */
  readonly wrote: (bytes: number) => void
  /** The files have become something else: the room is measured anew. */
  readonly stored: () => void
}

/** @param freeBytes reads what is free on the disk, null when the system does not tell */
export function createFileRoom(freeBytes: () => Promise<number | null>, now: () => number): FileRoom {
  let onDisk = 0
  let last = Infinity
  let known: { readonly at: number; readonly room: Promise<number> } | null = null

  async function measure(): Promise<number> {
    const before = onDisk
    const free = await freeBytes()
    // What is written or removed meanwhile may be in the figure or not.
    last = free === null ? Infinity : free - SPACE_RESERVE + Math.min(before, onDisk)
    return last
  }

  return {
    bytes: async () => {
      for (;;) {
        if (known === null || now() - known.at >= KNOWN_MS) known = { at: now(), room: measure() }
        const asked = known
        const bytes = await asked.room
        if (known === asked) return bytes
      }
    },
    last: () => last,
    wrote: (bytes) => {
      onDisk += bytes
    },
    stored: () => {
      known = null
    },
  }
}
