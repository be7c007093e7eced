import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'

/** A raw SMTP client: sends exactly the given bytes, in the given segments. */
export class RawClient {
  #socket: Socket
  #buffer = ''
  #waiting: (() => void) | null = null
  closed = false

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#listen()
  }

  static async open(
    port: number,
    options: { tls?: boolean; greeting?: boolean; host?: string } = {},
  ): Promise<RawClient> {
    const host = options.host ?? '127.0.0.1'
    const socket =
      options.tls === true ? connectTls({ port, host, rejectUnauthorized: false }) : connect({ port, host })
    await new Promise<void>((resolve, reject) => {
      socket.once(options.tls === true ? 'secureConnect' : 'connect', () => resolve())
      socket.once('error', reject)
    })
    const client = new RawClient(socket)
    if (options.greeting !== false) await client.reply()
    return client
  }

  #listen(): void {
    this.#socket.setNoDelay(true)
    this.#socket.on('data', (chunk: Buffer) => {
      this.#buffer += chunk.toString('latin1')
      this.#waiting?.()
    })
    this.#socket.on('error', () => undefined)
    this.#socket.on('close', () => {
      this.closed = true
      this.#waiting?.()
    })
  }

  /** Sends bytes; resolves once the system has accepted them. */
  write(data: string | Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.write(typeof data === 'string' ? Buffer.from(data, 'utf8') : data, () => resolve())
    })
  }

  /** Sends one piece per segment. */
  async segments(...pieces: (string | Buffer)[]): Promise<void> {
    for (const piece of pieces) {
      await this.write(piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** The next reply with all its lines; '' when the server has closed the connection. */
  async reply(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-[^\r\n]*\r\n)*\d{3}(?: [^\r\n]*)?\r\n/.exec(this.#buffer)
      if (match !== null) {
        this.#buffer = this.#buffer.slice(match[0].length)
        return match[0].trimEnd()
      }
      if (this.closed) return ''
      await new Promise<void>((resolve) => (this.#waiting = resolve))
      this.#waiting = null
    }
  }

  async command(line: string): Promise<string> {
    await this.write(`${line}\r\n`)
    return this.reply()
  }

  /** Sends EHLO, MAIL, RCPT … and DATA. Returns the first reply that is not 250, or the one to DATA. */
  async upToData(to: string | string[], from = 'sender@remote.example', options = ''): Promise<string> {
    const lines = ['EHLO client.example', `MAIL FROM:<${from}>${options}`]
    for (const address of [to].flat()) lines.push(`RCPT TO:<${address}>`)
    for (const line of lines) {
      const reply = await this.command(line)
      if (!reply.startsWith('250')) return reply
    }
    return this.command('DATA')
  }

  /** Runs a whole transaction; returns the reply to the message. */
  async send(to: string | string[], message: string | Buffer, from?: string): Promise<string> {
    const ready = await this.upToData(to, from)
    if (!ready.startsWith('354')) return ready
    await this.write(message)
    return this.command('\r\n.')
  }

  async startTls(): Promise<string> {
    const reply = await this.command('STARTTLS')
    if (!reply.startsWith('220')) return reply
    return this.handshake().then(() => reply)
  }

  /** Upgrades the connection to TLS; the caller has sent STARTTLS. */
  async handshake(): Promise<void> {
    this.#socket.removeAllListeners('data')
    const tls: TLSSocket = connectTls({ socket: this.#socket, rejectUnauthorized: false })
    await new Promise<void>((resolve, reject) => {
      tls.once('secureConnect', () => resolve())
      tls.once('error', reject)
    })
    this.#socket = tls
    this.#listen()
  }

  get protocol(): string | null {
    return 'getProtocol' in this.#socket ? (this.#socket as TLSSocket).getProtocol() : null
  }

  /** FIN. */
  end(): void {
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** RST. */
  reset(): void {
    this.#socket.resetAndDestroy()
  }

  async untilClosed(): Promise<void> {
    while (!this.closed) {
      await new Promise<void>((resolve) => (this.#waiting = resolve))
      this.#waiting = null
    }
  }
}
