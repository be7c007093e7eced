import { write, writeSync } from 'node:fs'

export interface DestinationOptions {
  readonly fd: number
  /** Whether each line is written before the call returns. */
  readonly sync: boolean
  /** Called with the number of lost lines once lines can be written again. */
  readonly onRecovery: (lost: number) => void
}

/** Where the lines of a log go. A full disk or a stuck reader costs lines, but never stops the process. */
export interface Destination {
  write(line: string): void
  /** Writes waiting lines before it returns; those that cannot be written are lost. */
  flush(): void
}

/** Most characters waiting for a slow reader. */
const MAX_WAITING = 4 * 1024 * 1024
/** How long to wait before trying a busy reader again. */
const RETRY_MS = 20
/** How often a synchronous write tries a busy reader again. */
const SYNC_RETRIES = 10

interface Batch {
  readonly bytes: Buffer
  readonly lines: number
}

const isBusy = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EAGAIN'
const pause = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

/** Opens a destination. It has no exit hook: flush it before the process exits. */
export function openDestination({ fd, sync, onRecovery }: DestinationOptions): Destination {
  let waiting: string[] = []
  let size = 0
  let lost = 0
  let isWriting = false
  /** Whether the last line was cut off. */
  let isTorn = false

  const nextBatch = (): Batch => {
    const lines = waiting
    waiting = []
    size = 0
    return { bytes: Buffer.from(`${isTorn ? '\n' : ''}${lines.join('')}`), lines: lines.length }
  }

  /** @param written how many of the batch's bytes were written */
  const finish = ({ bytes, lines }: Batch, written: number): void => {
    if (written > 0) isTorn = bytes[written - 1] !== 0x0a
    if (written < bytes.length) {
      lost += lines
    } else if (lost > 0) {
      const count = lost
      lost = 0
      onRecovery(count)
    }
  }

  const writeNow = (batch: Batch): void => {
    let at = 0
    for (let retries = 0; at < batch.bytes.length && retries < SYNC_RETRIES;) {
      try {
        at += writeSync(fd, batch.bytes, at)
      } catch (error) {
        if (!isBusy(error)) break
        retries += 1
        pause(RETRY_MS)
      }
    }
    finish(batch, at)
  }

  const writeLater = (batch: Batch, at: number): void => {
    write(fd, batch.bytes, at, (error, written) => {
      if (isBusy(error)) {
        setTimeout(() => writeLater(batch, at), RETRY_MS)
      } else if (error === null && at + written < batch.bytes.length) {
        writeLater(batch, at + written)
      } else {
        isWriting = false
        finish(batch, error === null ? at + written : at)
        advance()
      }
    })
  }

  const advance = (): void => {
    if (isWriting || waiting.length === 0) return
    isWriting = !sync
    if (sync) writeNow(nextBatch())
    else writeLater(nextBatch(), 0)
  }

  return {
    write: (line) => {
      if (size + line.length > MAX_WAITING) {
        lost += 1
        return
      }
      waiting.push(line)
      size += line.length
      advance()
    },
    flush: () => {
      if (waiting.length > 0) writeNow(nextBatch())
    },
  }
}
