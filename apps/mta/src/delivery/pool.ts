import type { Socket } from 'node:net'
import type { ConnectionReuse } from '@mairust/mail-core/outbound'
import type { Session } from './transmit.ts'

/** One of the connections that a site may have, for as long as an attempt lasts. */
export interface Place {
  /** An idle session of the site that serves, taken out of the pool. */
  takeIdle(fits: (session: Session) => boolean): Session | null
  /** Puts a session back for the next message, or ends it when it has served enough (O19). */
  putBack(session: Session, reuse: ConnectionReuse): void
  /** Gives the place to the next who waits. */
  leave(): void
  /** Has a connection end when the pool ends, whatever it is at. */
  own(socket: Socket): void
}

export interface PoolOptions {
  readonly now: () => number
  /** Most idle connections to all sites together; the oldest go first. */
  readonly maxIdle: number
  /** Calls back once after so many milliseconds, unless what it returns is called before. */
  readonly setTimer?: ((run: () => void, ms: number) => () => void) | undefined
}

const timer = (run: () => void, ms: number): (() => void) => {
  const started = setTimeout(run, ms).unref()
  return () => clearTimeout(started)
}

interface Waiting {
  readonly limit: number
  readonly go: (admitted: boolean) => void
}

interface Idle {
  readonly key: string
  readonly session: Session
  /** Ends the wait for its end. */
  readonly cancel: () => void
}

/** The connections to remote servers: how many a site has at once, and which serve another message. */
export class Pool {
  readonly #options: PoolOptions
  /** Places in use, by site. */
  readonly #busy = new Map<string, number>()
  readonly #waiting = new Map<string, Waiting[]>()
  /** Oldest first. */
  readonly #idle = new Set<Idle>()
  readonly #sockets = new Set<Socket>()
  #closed = false
  #ended = false
  #empty: (() => void) | null = null

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /**
   * Waits for a place at a site that may have `limit` connections, in order of arrival. `key`: the site, and everything that makes
   * connections to it different. Null: the pool is closed.
   */
  async enter(key: string, limit: number): Promise<Place | null> {
    if (this.#closed || !(await this.#admitted(key, limit))) return null
    return {
      takeIdle: (fits) => this.#takeIdle(key, limit, fits),
      putBack: (session, reuse) => this.#putBack(key, session, reuse),
      leave: () => this.#leave(key),
      own: (socket) => this.#own(socket),
    }
  }

  /** Lets nobody in any more, ends idle connections, and waits for attempts to end; after `withinMs` their connections end. */
  async close(withinMs: number): Promise<void> {
    this.#closed = true
    for (const idle of [...this.#idle]) this.#drop(idle).quit()
    for (const waiting of this.#waiting.values()) for (const { go } of waiting) go(false)
    this.#waiting.clear()
    const end = setTimeout(() => this.#endAll(), withinMs)
    while (this.#busy.size > 0) {
      await new Promise<void>((resolve) => {
        this.#empty = resolve
      })
    }
    clearTimeout(end)
  }

  #endAll(): void {
    this.#ended = true
    for (const socket of this.#sockets) socket.destroy()
  }

  #own(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    if (this.#ended) socket.destroy()
  }

  #takeIdle(key: string, limit: number, fits: (session: Session) => boolean): Session | null {
    const own = [...this.#idle].filter((idle) => idle.key === key)
    // The last one used is the one that most surely still works.
    const found = own.findLast(({ session }) => fits(session))
    if (found !== undefined) return this.#drop(found)
    const [oldest] = own
    // A new connection is one more.
    if (oldest !== undefined && own.length + this.#busyAt(key) > limit) this.#drop(oldest).quit()
    return null
  }

  #putBack(key: string, session: Session, reuse: ConnectionReuse): void {
    const left = session.openedAt + reuse.totalSeconds * 1000 - this.#options.now()
    if (this.#closed || !session.isSound || session.messages >= reuse.messages || left <= 0) {
      session.quit()
      return
    }
    const end = () => this.#drop(idle).quit()
    const { setTimer = timer } = this.#options
    const idle: Idle = { key, session, cancel: setTimer(end, Math.min(left, reuse.idleSeconds * 1000)) }
    session.whenGone(end)
    this.#idle.add(idle)
    const [oldest] = this.#idle
    if (this.#idle.size > this.#options.maxIdle && oldest !== undefined) this.#drop(oldest).quit()
  }

  #drop(idle: Idle): Session {
    idle.cancel()
    idle.session.whenGone(null)
    this.#idle.delete(idle)
    return idle.session
  }

  #admitted(key: string, limit: number): boolean | Promise<boolean> {
    const waiting = this.#waiting.get(key)
    const busy = this.#busyAt(key)
    if (waiting === undefined && busy < limit) {
      this.#busy.set(key, busy + 1)
      return true
    }
    return new Promise((go) => {
      if (waiting === undefined) this.#waiting.set(key, [{ limit, go }])
      else waiting.push({ limit, go })
    })
  }

  #leave(key: string): void {
    let busy = this.#busyAt(key) - 1
    const waiting = this.#waiting.get(key) ?? []
    for (let [next] = waiting; next !== undefined && busy < next.limit; [next] = waiting) {
      waiting.shift()
      busy += 1
      next.go(true)
    }
    if (waiting.length === 0) this.#waiting.delete(key)
    if (busy > 0) this.#busy.set(key, busy)
    else this.#busy.delete(key)
    if (this.#busy.size === 0) this.#empty?.()
  }

  #busyAt(key: string): number {
    return this.#busy.get(key) ?? 0
  }
}
