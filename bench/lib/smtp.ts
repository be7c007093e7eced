// A minimal SMTP client that returns every reply.

import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

/** A connection that sends messages one after the other. */
export class Sender {
  readonly #socket: Socket
  readonly #replies: AsyncIterator<string>

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#replies = createInterface({ input: socket, crlfDelay: Infinity })[Symbol.asyncIterator]()
  }

  /** Connects and sends EHLO. */
  static async open(port: number): Promise<Sender> {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    const sender = new Sender(socket)
    await sender.#reply()
    await sender.#command('EHLO bench.remote.example')
    return sender
  }

  /**
   * Sends one message (CRLF line endings, no line that begins with a dot). Resolves with the deciding reply: the last one, or the
   * first unexpected one; '' when the connection ended.
   */
  async send(to: string, message: string): Promise<string> {
    for (const [line, expected] of [
      ['MAIL FROM:<sender@remote.example>', '250'],
      [`RCPT TO:<${to}>`, '250'],
      ['DATA', '354'],
    ] as const) {
      const reply = await this.#command(line)
      if (!reply.startsWith(expected)) return reply
    }
    return this.#command(`${message}\r\n.`)
  }

  /** Aborts a refused transaction. */
  reset(): Promise<string> {
    return this.#command('RSET')
  }

  close(): void {
    this.#socket.destroy()
  }

  #command(line: string): Promise<string> {
    this.#socket.write(`${line}\r\n`)
    return this.#reply()
  }

  /** The last line of the next reply (RFC 5321 §4.2.1). */
  async #reply(): Promise<string> {
    for (;;) {
      const next = await this.#replies.next()
      if (next.done === true) return ''
      if (next.value[3] !== '-') return next.value
    }
  }
}
