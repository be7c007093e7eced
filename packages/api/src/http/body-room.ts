import { SPACE_RESERVE } from '@mairust/db'
import { createFairQueue, type FairQueueOptions, PoolBusyError } from '@mairust/worker-pool'
import { AppError, diskFull } from '../errors.ts'
import { type Incoming, JSON_LIMIT, openBody } from './body.ts'
import { type BodyFile, clearBodyFiles, makeBodyFile } from './body-file.ts'
import { tenantOf } from './read-turns.ts'

/**
 * Receives the bodies of users. Small ones are used at once. A large one, with files, goes to a file while it comes, which
 * takes none of the memory that others wait for, and is read from there when there is room for all of it.
 */
export interface BodyRoom {
  /**
   * @param caller as `callerName` says: users of a tenant share half of the places
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
  /** Bodies of all users that arrive in files at once; a tenant has half of them. */
  places?: number
}

/** Bodies of a user whose first bytes arrive at once, in memory. There are as many users as there are. */
const STARTING = { width: Infinity, widthPerName: 16, maxBytes: Infinity, maxWaitingPerName: 64 }
/** Bodies of a user that go on to arrive, each in a file. */
const ARRIVING = { width: Infinity, widthPerName: 4, maxBytes: Infinity, maxWaitingPerName: 16 }
/** The same of all users. A place costs a file and little memory, so that slow senders may keep many. */
const PLACES = 512
/** Bodies worked on at once, and their bytes; parsing takes several times as much. A larger one is alone. */
const WORKED_ON = { width: 8, widthPerName: 2, maxBytes: 64 * 1_048_576, maxWaitingPerName: 32 }

/** Makes room for large bodies, one for all requests of the process. */
export const createBodyRoom = ({ folder, freeBytes, waitMs = 20_000, places = PLACES }: BodyRoomOptions): BodyRoom => {
  const starting = createQueue({ ...STARTING, waitMs })
  const arriving = createQueue({ ...ARRIVING, waitMs })
  const tenants = createQueue({
    width: places,
    widthPerName: places / 2,
    maxBytes: Infinity,
    maxWaitingPerName: places,
    waitMs,
  })
  const workedOn = createQueue({ ...WORKED_ON, waitMs })
  const cleared = clearBodyFiles(folder)

  /** What mail needs stays free, and room for a largest message, however many bodies arrive. */
  const requireSpace = async (limit: number): Promise<void> => {
    const free = await freeBytes()
    if (free !== null && free < SPACE_RESERVE + limit) throw diskFull()
  }

  /** Copies a body into a file, and then works on it. */
  const viaFile = async <Result>(
    { body, caller, limit }: { body: Incoming; caller: string; limit: number },
    first: FirstBytes,
    use: (body: Buffer) => Promise<Result>,
  ): Promise<Result> => {
    await cleared
    await requireSpace(limit)
    const file = await makeBodyFile(folder)
    try {
      const size = await copy(body, first, file, () => requireSpace(limit))
      return await workedOn(caller, size, async () => use(await file.read()))
    } finally {
      await file.close()
    }
  }

  return {
    receive: async (caller, request, limit, use) => {
      const body = openBody(request, limit)
      const first: FirstBytes = { bytes: EMPTY }
      try {
        first.bytes = await starting(caller, 0, () => body.next(JSON_LIMIT))
        if (body.isEnded()) return await use(first.bytes)
        const arrive = () => viaFile({ body, caller, limit }, first, use)
        return await arriving(caller, 0, () => tenants(tenantOf(caller), 0, arrive))
      } catch (error) {
        await body.cancel()
        throw error
      }
    },
  }
}

/** Most bytes that are in memory of a body that arrives. */
const STEP = 65_536
/** Bytes after which the disk is asked again. */
const SPACE_STEP = 1_048_576
const EMPTY = Buffer.alloc(0)

/** What has come of a body before it has a file; forgotten once it is there, however slowly the rest comes. */
interface FirstBytes {
  bytes: Buffer
}

const copy = async (
  body: Incoming,
  first: FirstBytes,
  file: BodyFile,
  requireSpace: () => Promise<void>,
): Promise<number> => {
  await file.add(first.bytes)
  let [size, asked] = [first.bytes.length, first.bytes.length]
  first.bytes = EMPTY
  for (let bytes = await body.next(STEP); bytes.length > 0; bytes = await body.next(STEP)) {
    await file.add(bytes)
    size += bytes.length
    if (size - asked < SPACE_STEP) continue
    asked = size
    await requireSpace()
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
