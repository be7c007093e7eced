import { createFairQueue, type FairQueueOptions, PoolBusyError } from '@mairust/worker-pool'
import { AppError } from '../errors.ts'
import { type Incoming, JSON_LIMIT, openBody } from './body.ts'
import { type BodyFile, clearBodyFiles, makeBodyFile } from './body-file.ts'
import { createBodyMemory, type FirstBytes } from './body-memory.ts'
import { type BodyPlace, createBodySpace } from './body-space.ts'
import type { Caller } from './caller.ts'

/**
 * Receives the bodies of callers who have signed in or use a key. Small ones are used at once. A large one, or one that finds the memory
 * for small ones taken, goes to a file while it comes, and is read from there when there is room for all of it.
 */
export interface BodyRoom {
  /**
   * @param caller small bodies of each session are apart; larger ones share what the user has, and users of a tenant half of the places
   * @param limit most bytes that the body may have
   * @param use works on the body, whose room is free again when it ends. It first waits for whatever else it needs, and then reads
   * @throws AppError PAYLOAD_TOO_LARGE, REQUEST_TIMEOUT, UNAVAILABLE when there is no room for too long or the disk is full
   */
  receive: <Result>(
    caller: Caller,
    request: Request,
    limit: number,
    use: (body: ReceivedBody) => Promise<Result>,
  ) => Promise<Result>
}

/** A body that has come. */
export interface ReceivedBody {
  /** Has it in memory while `work` runs, when there is room for all of it. Call it once. */
  read: <Result>(work: (body: Buffer) => Promise<Result>) => Promise<Result>
}

export interface BodyRoomOptions {
  /** For the files; on the volume of the mail. */
  folder: string
  /** Free bytes there; null if the system does not say. */
  freeBytes: () => Promise<number | null>
  waitMs?: number
  /** Bodies of all users that arrive in files at once; a tenant has half of them. */
  places?: number
  now?: (() => number) | undefined
}

/** Bodies of a session, or of a user's keys, whose first bytes arrive at once, in memory. Those that wait take none, and connections bound them. */
const STARTING = { width: Infinity, widthPerName: 16, maxBytes: Infinity, maxWaitingPerName: 1024 }
/** Bodies that arrive at once, each in a file: of a user, and of all. A place costs little, so that slow senders may keep many. */
const ARRIVING = { width: Infinity, widthPerName: 4, maxBytes: Infinity, maxWaitingPerName: 16 }
const PLACES = 512
/** Bodies worked on at once: of a user, and of all with their bytes; parsing takes several times as much. A larger one is alone. */
const WORKED_ON = { width: Infinity, widthPerName: 2, maxBytes: Infinity, maxWaitingPerName: 32 }
const ALL_WORKED_ON = { places: 8, bytes: 64 * 1_048_576 }
/** The same for those that cannot be large, apart: whoever works on them may wait for a turn that a large one has. */
const ALL_SMALL_WORKED_ON = { places: 64, bytes: 64 * 1_048_576 }

/** Makes room for large bodies, one for all requests of the process. */
export const createBodyRoom = ({
  folder,
  freeBytes,
  waitMs = 20_000,
  places = PLACES,
  now,
}: BodyRoomOptions): BodyRoom => {
  const starting = createQueue('session', { ...STARTING, waitMs }, { places: Infinity, bytes: Infinity })
  const arriving = createQueue('user', { ...ARRIVING, waitMs }, { places, bytes: Infinity })
  const workedOn = createQueue('user', { ...WORKED_ON, waitMs }, ALL_WORKED_ON)
  const smallWorkedOn = createQueue('user', { ...WORKED_ON, waitMs }, ALL_SMALL_WORKED_ON)
  const memory = createBodyMemory()
  const space = createBodySpace({ freeBytes, waitMs, now })
  const cleared = clearBodyFiles(folder)

  /** Copies a body into a file, and then works on it. */
  const viaFile = async <Result>(
    { request, caller, body, limit }: { request: Request; caller: Caller; body: Incoming; limit: number },
    first: FirstBytes,
    use: (body: ReceivedBody) => Promise<Result>,
  ): Promise<Result> => {
    await cleared
    const place = await space.book(caller, Math.max(declaredSize(request) ?? 0, first.bytes.length))
    try {
      const file = await makeBodyFile(folder)
      try {
        const copied = await copy(body, first, file, place)
        const queue = limit <= JSON_LIMIT ? smallWorkedOn : workedOn
        const read: ReceivedBody['read'] = (work) =>
          queue(caller, request.signal, copied, async () => {
            const bytes = await file.read()
            await file.close()
            place.removed()
            return work(bytes)
          })
        return await use({ read })
      } finally {
        await file.close()
      }
    } finally {
      place.close()
    }
  }

  return {
    receive: async (caller, request, limit, use) => {
      const body = openBody(request, limit)
      let first: FirstBytes | null = null
      try {
        const started = await starting(caller, request.signal, 0, () => memory.begin(caller, body))
        first = started
        if (body.isEnded()) return await use({ read: (work) => work(started.bytes) })
        const arrive = () => viaFile({ request, caller, body, limit }, started, use)
        return await arriving(caller, request.signal, 0, arrive)
      } catch (error) {
        await body.cancel()
        throw error
      } finally {
        first?.free()
      }
    },
  }
}

/** Most bytes that are in memory of a body that arrives. */
const STEP = 65_536

const copy = async (body: Incoming, first: FirstBytes, file: BodyFile, place: BodyPlace): Promise<number> => {
  let size = 0
  const add = async (bytes: Buffer): Promise<void> => {
    await place.grow(bytes.length)
    await file.add(bytes)
    place.wrote(bytes.length)
    size += bytes.length
  }
  await add(first.bytes)
  // However slowly the rest comes, they are not in memory.
  first.free()
  for (let bytes = await body.next(STEP); bytes.length > 0; bytes = await body.next(STEP)) await add(bytes)
  return size
}

/** Null for a body that says nothing of its size. */
const declaredSize = ({ headers }: Request): number | null => {
  const declared = headers.get('content-length')
  return declared === null ? null : Number(declared)
}

/** A queue in which users or sessions take turns first, then their tenants, each of which has at most half of the places. */
const createQueue = (of: 'user' | 'session', ofEach: FairQueueOptions, all: { places: number; bytes: number }) => {
  const each = createFairQueue(ofEach)
  const tenants = createFairQueue({
    width: all.places,
    widthPerName: all.places / 2,
    maxBytes: all.bytes,
    maxWaitingPerName: PLACES,
    waitMs: ofEach.waitMs,
  })
  return <Result>(caller: Caller, signal: AbortSignal, bytes: number, work: () => Promise<Result>): Promise<Result> =>
    each
      .run(caller[of], 0, () => tenants.run(caller.tenant ?? '', bytes, work, signal), signal)
      .catch((cause: unknown) => {
        if (!(cause instanceof PoolBusyError)) throw cause
        throw new AppError('UNAVAILABLE', 'Too many large requests are being read. Try again.', {
          cause,
          retryAfter: 5,
        })
      })
}

/** Most bytes of a JSON body with a message of the largest size: its files are base64. */
export const messageBodyLimit = (maxMessageBytes: number): number => Math.ceil((maxMessageBytes * 4) / 3) + JSON_LIMIT
