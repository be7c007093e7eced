import { SPACE_RESERVE } from '@mairust/db'
import { createFairQueue, type FairQueueOptions, PoolBusyError } from '@mairust/worker-pool'
import { AppError, diskFull } from '../errors.ts'
import { type Incoming, JSON_LIMIT, openBody } from './body.ts'
import { type BodyFile, clearBodyFiles, makeBodyFile } from './body-file.ts'

/**
 * Receives bodies that may be large: those with files. Small ones are used at once. A large one goes to a file while it comes, which
 * takes none of the memory that others wait for, and is read from there when there is room for all of it.
 */
export interface BodyRoom {
  /**
   * @param limit most bytes that the body may have
   * @param use works on the body, whose room is free again when it ends
   * @throws AppError PAYLOAD_TOO_LARGE, REQUEST_TIMEOUT, UNAVAILABLE when there is no room for too long or the disk is full
   */
  receive: <Result>(
    caller: string,
    request: Request,
    limit: number,
    use: (body: Buffer) => Promise<Result>,
  ) => Promise<Result>
}

export interface BodyRoomOptions {
  /** For the files; on the volume of the mail. */
  folder: string
  /** Free bytes there; null if the system does not say. */
  freeBytes: () => Promise<number | null>
  waitMs?: number
}

/** Bodies arriving at once. Each has a file. */
const ARRIVING = { width: 64, widthPerName: 4, maxBytes: Infinity, maxWaitingPerName: 16 }
/** Bodies worked on at once, and their bytes; parsing takes several times as much. A larger one is alone. */
const WORKED_ON = { width: 8, widthPerName: 2, maxBytes: 64 * 1_048_576, maxWaitingPerName: 32 }

/** Makes room for large bodies, one for all requests of the process. */
export const createBodyRoom = ({ folder, freeBytes, waitMs = 20_000 }: BodyRoomOptions): BodyRoom => {
  const arriving = createQueue({ ...ARRIVING, waitMs })
  const workedOn = createQueue({ ...WORKED_ON, waitMs })
  const cleared = clearBodyFiles(folder)

  const makeFile = async (limit: number): Promise<BodyFile> => {
    await cleared
    const free = await freeBytes()
    // What mail needs stays free.
    if (free !== null && free < SPACE_RESERVE + limit) throw diskFull()
    return makeBodyFile(folder)
  }

  return {
    receive: async (caller, request, limit, use) => {
      const body = openBody(request, limit)
      const start = await body.next(JSON_LIMIT)
      if (body.isEnded()) return use(start)
      return arriving(caller, 0, async () => {
        const file = await makeFile(limit)
        try {
          const size = await copy(body, start, file)
          return await workedOn(caller, size, async () => use(await file.read()))
        } finally {
          await file.close()
        }
      }).catch(async (error: unknown) => {
        await body.cancel()
        throw error
      })
    },
  }
}

/** Most bytes that are in memory of a body that arrives. */
const STEP = 65_536

const copy = async (body: Incoming, start: Buffer, file: BodyFile): Promise<number> => {
  let size = 0
  for (let bytes = start; bytes.length > 0; bytes = await body.next(STEP)) {
    await file.add(bytes)
    size += bytes.length
  }
  return size
}

const createQueue = (options: FairQueueOptions) => {
  const queue = createFairQueue(options)
  return <Result>(caller: string, bytes: number, work: () => Promise<Result>): Promise<Result> =>
    queue.run(caller, bytes, work).catch((cause: unknown) => {
      if (!(cause instanceof PoolBusyError)) throw cause
      throw new AppError('UNAVAILABLE', 'Too many large requests are being read. Try again.', { cause, retryAfter: 5 })
    })
}

/** Most bytes of a JSON body with a message of the largest size: its files are base64. */
export const messageBodyLimit = (maxMessageBytes: number): number => Math.ceil((maxMessageBytes * 4) / 3) + JSON_LIMIT
