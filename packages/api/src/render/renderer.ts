import type { Readable } from 'node:stream'
import type { BlobRange, BlobStore } from '@mairust/db/blob'
import { createFairQueue, type FairQueueOptions, PoolBusyError } from '@mairust/worker-pool'
import { AppError } from '../errors.ts'
import { outsideTurn } from '../http/held-turn.ts'
import { createRenderMemory } from './memory.ts'
import { createPartRoom, type PartLimits } from './part-room.ts'
import { readPart } from './part.ts'
import { createShow, type View, type ViewRequest } from './show.ts'
import type { OpenedAttachment, OpenedMessage, Reader } from './tasks.ts'
import { createRenderWorkers, type RenderWorkers } from './workers.ts'

const WORKERS = 2
const QUEUE: FairQueueOptions = {
  width: WORKERS,
  widthPerName: WORKERS - 1,
  maxBytes: 128 * 1_048_576,
  maxWaitingPerName: 64,
  waitMs: 10_000,
  // However many readers have hostile mail, a worker is left to the others.
  slow: { width: WORKERS - 1, bytes: 1_048_576, forMs: 10 * 60_000 },
}
/** Time limit for reading an object. */
const READ_MS = 10_000

/** The stored object of a message, as in its row. */
export type StoredObject = { blobKey: string; size: number }

/** An attachment, and a function that reads its decoded content, or a range of it, in turn with other readers. */
export type OpenedPart = OpenedAttachment & {
  /** `signal` aborts when the client leaves. @throws AppError UNAVAILABLE when the reader reads too much at once */
  content: (range?: BlobRange, signal?: AbortSignal) => Promise<Readable>
}

/**
 * Opens messages in worker threads, which are killed at their time limit. An object is read only when a worker is free for it. Parsed
 * messages are cached, and so are those that exceeded the limit; parts are read as ranges of the object.
 *
 * Every method throws UNAVAILABLE if too much waits or waits too long, and passes on errors of the blob store.
 */
export type Renderer = {
  /** The message; null if it could not be parsed within the time limit. */
  open: (object: StoredObject, reader: Reader) => Promise<OpenedMessage | null>
  /** The message with its body as safe HTML; null as above. For HTML that is too large or takes too long it has the text. */
  show: (object: StoredObject, request: ViewRequest) => Promise<View | null>
  /** The attachment with this index, or null. Also throws UNAVAILABLE if the message cannot be parsed in time. */
  part: (object: StoredObject, index: number, reader: Reader) => Promise<OpenedPart | null>
  close: () => Promise<void>
}

export type RendererOptions = {
  blobs: Pick<BlobStore, 'read' | 'get'>
  workers?: RenderWorkers | undefined
  queue?: Partial<FairQueueOptions> | undefined
  parts?: Partial<PartLimits> | undefined
}

/** Makes a renderer; its workers start with the first message. */
export function createRenderer({
  blobs,
  workers = createRenderWorkers({ size: WORKERS }),
  queue: limits,
  parts,
}: RendererOptions): Renderer {
  const queue = createFairQueue({ ...QUEUE, ...limits })
  const room = createPartRoom(parts)
  const memory = createRenderMemory()
  const body = createShow(workers, memory)

  async function inTurn<T>(
    { size }: StoredObject,
    reader: Reader,
    work: (blame: () => void) => Promise<T>,
  ): Promise<T> {
    const name = `${reader.tenantId} ${reader.userId}`
    try {
      return await outsideTurn(() => queue.run(name, size, () => work(() => queue.blame(name))))
    } catch (error) {
      if (!(error instanceof PoolBusyError)) throw error
      throw unavailable('Too many messages are being opened. Try again.', 2, error)
    }
  }

  /** Blames the reader for a message that exceeds the limit. */
  async function parse({ blobKey }: StoredObject, blame: () => void): Promise<OpenedMessage | null> {
    const known = memory.opened.get(blobKey)
    if (known !== undefined) return known.value
    const opened = await workers.parse(await inTime(blobs.read(blobKey)))
    memory.opened.set(blobKey, opened)
    if (opened === null) blame()
    return opened
  }

  async function open(object: StoredObject, reader: Reader): Promise<OpenedMessage | null> {
    const known = memory.opened.get(object.blobKey)
    return known === undefined ? inTurn(object, reader, (blame) => parse(object, blame)) : known.value
  }

  return {
    open,
    show: async (object, request) => {
      const opened = memory.opened.get(object.blobKey)
      if (opened?.value === null) return null
      const shown = opened && body.remembered(object.blobKey, opened.value, request)
      if (shown !== undefined) return shown
      return inTurn(object, request.grant, async (blame) => {
        const message = await parse(object, blame)
        const view = message && (await body.show(object.blobKey, message, request))
        if (view?.shown.fallback === 'timed_out') blame()
        return view
      })
    },
    part: async (object, index, reader) => {
      const opened = await open(object, reader)
      if (opened === null) throw unavailable('The message could not be parsed within the time limit.', 600)
      const found = opened.attachments[index]
      if (found === undefined) return null
      const { place, size } = found
      const stored = { blobKey: object.blobKey, place, size, points: opened.points.get(place.start) ?? [] }
      return { ...found, content: (range, signal) => readPart({ blobs, room, reader, signal }, stored, range) }
    },
    close: () => workers.close(),
  }
}

function unavailable(message: string, retryAfter: number, cause?: unknown): AppError {
  return new AppError('UNAVAILABLE', message, { retryAfter, cause })
}

/** Limits the time of a read, so that one that hangs gives its turn back. */
async function inTime<T>(read: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unavailable('The storage is not responding. Try again.', 5)), READ_MS)
  })
  return Promise.race([read, late]).finally(() => clearTimeout(timer))
}
