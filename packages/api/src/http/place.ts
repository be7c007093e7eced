import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Judgement } from '@mairust/mail-core/inbound'
import { isSafeMethod } from './csrf.ts'

/** How long a small network's connection has for its first request, and another's, in milliseconds. */
const FRESH = 5000
const JUST_COME = 1000
/** Most connections of a small network. */
const SMALL = 2
/** How long a client that is waited for may send or read nothing. */
const STALLED = 10_000
/** How long a client may take to reach the least speed, and that speed in bytes a second. */
const SLOW_START = 5000
const LEAST_SPEED = 500

/** A connection's place on the web port. */
export interface Place {
  readonly socket: Socket
  /** Whom its connections are counted for (`clientKey`); null for a trusted proxy. */
  readonly client: string | null
  /** Whose connections share a fair part of the port; of a proxy's, each has a name of its own while no request names the client. */
  network: string
  readonly ownNetwork: string
  readonly exempt: false
  readonly admittedAt: number
  hasAsked: boolean
  /** Requests whose answers are not sent, the oldest first. */
  readonly exchanges: Set<Exchange>
  /** When its client was last seen to send or read something, or its last answer was sent. */
  progress: Mark
}

/** A request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly began: Mark
  /** When the answer was first seen on its way. */
  answered: Mark | null
}

/** A time in milliseconds, and the bytes that the client had sent and read by then. */
interface Mark {
  readonly at: number
  readonly bytes: number
}

/** The present mark of a connection. What waits to be written has not been read. */
export function markOf({ bytesRead, bytesWritten, writableLength }: Socket, at: number): Mark {
  return { at, bytes: bytesRead + bytesWritten - writableLength }
}

/** Notes what the client has sent and read since the last time. */
export function watch(place: Place, now: number): void {
  const [oldest] = place.exchanges
  if (oldest === undefined) return
  const mark = markOf(place.socket, now)
  if (mark.bytes > place.progress.bytes) place.progress = mark
  if (oldest.response.headersSent) oldest.answered ??= mark
}

/** How a connection stands (`chooseEvicted`) whose network has `count` places. What moves goes the sooner, the slower its client is. */
export function judge(place: Place, count: number, now: number): Judgement {
  const [oldest] = place.exchanges
  const idle: Judgement = { standing: 'idle', worth: place.progress.at }
  if (oldest === undefined) {
    const isNew = !place.hasAsked && now - place.admittedAt < (count <= SMALL ? FRESH : JUST_COME)
    if (!isNew) return idle
    return count <= SMALL ? { standing: 'fresh', worth: place.admittedAt } : { standing: 'moving', worth: 0 }
  }
  watch(place, now)
  const { request, answered, began } = oldest
  const isAwaited = place.socket.writableLength > 0 || (!request.complete && request.readableLength === 0)
  const since = answered ?? began
  const speed = ((place.progress.bytes - since.bytes) * 1000) / Math.max(now - since.at, 1)
  if (isAwaited) {
    // A few bytes now and then must not hold many places; an honest client on a bad line holds one or two.
    const isTrickle = count > SMALL && now - since.at >= SLOW_START && speed < LEAST_SPEED
    if (isTrickle || now - Math.max(place.progress.at, since.at) >= STALLED) return idle
  }
  if (request.complete && !isSafeMethod(request.method ?? '')) return { standing: 'owed', worth: began.at }
  return { standing: 'moving', worth: isAwaited ? speed : Infinity }
}
