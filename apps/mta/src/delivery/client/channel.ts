import type { Socket } from 'node:net'
import { failures, type LocalFailure, remoteReply } from '@mairust/mail-core/outbound'
import type { SmtpReply } from '@mairust/mail-core/smtp'
import { type ReplyLines, ReplyReader } from './reply-reader.ts'
import { Transcript } from './transcript.ts'

/** The connection ended without the reply that was waited for. */
export class Broken extends Error {
  override readonly name = 'Broken'
  readonly failure: LocalFailure

  constructor(failure: LocalFailure, cause?: unknown) {
    super(failure.reply.text, { cause })
    this.failure = failure
  }
}

export interface Reply {
  readonly reply: SmtpReply
  readonly lines: ReplyLines
}

/** Bytes of replies that may wait unread: more is no conversation. */
const MAX_UNREAD = 256 * 1024
const QUIT = Buffer.from('QUIT\r\n')
const QUIT_MS = 5_000

/** One SMTP connection: commands out, replies in, in order. It never sends after it has ended. */
export class Channel {
  readonly transcript = new Transcript()
  #socket: Socket
  #reader = new ReplyReader()
  #replies: ReplyLines[] = []
  #unread = 0
  #ended: Broken | null = null
  #wake: (() => void) | null = null
  /** When all that is going on must be over, on the monotonic clock. */
  #deadline = Infinity

  constructor(socket: Socket) {
    this.#socket = socket
    this.#listen()
  }

  get socket(): Socket {
    return this.#socket
  }

  /** Whether something came that nobody waits for, or the connection has ended: it serves no further command. */
  get isSpoilt(): boolean {
    return this.#ended !== null || this.hasUnread
  }

  get hasUnread(): boolean {
    return this.#replies.length > 0 || this.#reader.hasPart
  }

  /** Calls back at the next sign of life, or death. */
  onSign(callback: (() => void) | null): void {
    this.#wake = callback
  }

  /** Gives all that follows so many milliseconds, however often the server answers in time. */
  within(ms: number): void {
    this.#deadline = performance.now() + ms
  }

  /** Of so many milliseconds, those that are left. */
  left(ms: number): number {
    return Math.max(0, Math.min(ms, this.#deadline - performance.now()))
  }

  /** Sends commands, in one segment if they fit. What is shown of them holds no secret. */
  send(commands: readonly string[], shown: readonly string[] = commands): void {
    for (const command of shown) this.transcript.sent(command)
    if (this.#ended === null) this.#socket.write(`${commands.join('\r\n')}\r\n`)
  }

  /**
   * The next reply, which must be whole within the time: a server that sends a byte now and then gains nothing.
   * @throws Broken
   */
  async reply(ms: number): Promise<Reply> {
    const lines = this.#replies.shift() ?? (await this.#next(ms))
    for (const line of lines) this.#unread -= line.length
    this.transcript.received(lines)
    const reply = remoteReply(lines)
    if (reply === null) throw this.fail(failures.garbled)
    return { reply, lines }
  }

  /** Ends the connection because of a failure, unless it has ended already, and says what ended it. */
  fail(failure: LocalFailure, cause?: unknown): Broken {
    const broken = new Broken(failure, cause)
    this.#end(broken)
    return this.#ended ?? broken
  }

  /** Sends QUIT and closes, without waiting for anything. */
  quit(): void {
    if (this.#ended !== null) return
    const socket = this.#socket
    this.transcript.sent('QUIT')
    this.#ended = new Broken(failures.connectionLost)
    this.#wake = null
    const timer = setTimeout(() => socket.destroy(), QUIT_MS).unref()
    socket.once('close', () => clearTimeout(timer))
    socket.end(QUIT)
  }

  /** Hands the socket over for a handshake; nothing that was read before counts any more. */
  release(): Socket {
    const socket = this.#socket
    socket.off('data', this.#onData).off('end', this.#onLost).off('close', this.#onLost).off('error', this.#onLost)
    socket.on('error', () => undefined)
    return socket
  }

  /** Goes on over the encrypted socket. */
  adopt(socket: Socket): void {
    this.#socket = socket
    this.#reader = new ReplyReader()
    this.#listen()
  }

  #listen(): void {
    this.#socket.on('data', this.#onData).on('end', this.#onLost).on('close', this.#onLost).on('error', this.#onLost)
  }

  readonly #onData = (chunk: Buffer): void => {
    try {
      this.#reader.push(chunk, (reply) => this.#take(reply))
    } catch (error) {
      this.#end(new Broken(failures.garbled, error))
    }
    this.#wake?.()
  }

  /** Nothing more comes. */
  readonly #onLost = (cause?: unknown): void => {
    if (this.#ended !== null) return
    const last = this.#reader.finish()
    if (last !== null) this.#take(last)
    this.#end(new Broken(failures.connectionLost, cause))
  }

  #take(reply: ReplyLines): void {
    this.#replies.push(reply)
    for (const line of reply) this.#unread += line.length
    if (this.#unread > MAX_UNREAD) this.#end(new Broken(failures.garbled))
  }

  #end(broken: Broken): void {
    if (this.#ended !== null) return
    this.#ended = broken
    this.transcript.note(broken.cause instanceof Error ? `${broken.message}: ${broken.cause.message}` : broken.message)
    this.#socket.destroy()
    this.#wake?.()
  }

  /** Waits for a reply. What came before the end of the connection is still read (O12). */
  #next(ms: number): Promise<ReplyLines> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const lines = this.#replies.shift()
        if (lines === undefined && this.#ended === null) return
        clearTimeout(timer)
        this.#wake = null
        if (lines !== undefined) resolve(lines)
        else if (this.#ended !== null) reject(this.#ended)
      }
      const timer = setTimeout(() => this.fail(failures.noAnswer), this.left(ms))
      this.#wake = check
      check()
    })
  }
}
