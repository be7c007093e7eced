import { createServer, type Server, type Socket } from 'node:net'
import { type SecureContextOptions, TLSSocket } from 'node:tls'

/** What a remote does at a step: a reply without its CRLF, bytes as they are, silence for ever (null), or whatever it likes. */
export type Step = string | Buffer | null | ((connection: RemoteConnection, line: string) => string | Buffer | null)

/** How a remote behaves; steps that are left out go well. */
export interface RemoteScript {
  readonly banner?: Step
  readonly ehlo?: Step
  readonly helo?: Step
  readonly starttls?: Step
  readonly auth?: Step
  readonly mail?: Step
  readonly rcpt?: Step
  readonly data?: Step
  /** After the final dot. */
  readonly end?: Step
  readonly rset?: Step
  readonly quit?: Step
  /** While the message comes in: bytes so far. */
  readonly body?: (connection: RemoteConnection, bytes: number) => unknown
  readonly offers?: readonly string[]
  /** With it, STARTTLS is offered. */
  readonly tls?: SecureContextOptions
  /** False: it says 220 to STARTTLS, and then nothing. */
  readonly upgrades?: boolean
}

const OFFERS = ['PIPELINING', '8BITMIME', 'SIZE 10000000', 'SMTPUTF8', 'DSN', 'ENHANCEDSTATUSCODES']

/** A connection that a remote has had. */
export class RemoteConnection {
  readonly commands: string[] = []
  /** As they came, with their dots, without the final one. */
  readonly raw: Buffer[] = []
  /** How often bytes arrived in front of the message. */
  segments = 0
  isSecure = false
  isClosed = false
  serverName: string | null = null
  protocol: string | null = null
  #socket: Socket
  #buffer: Buffer = Buffer.alloc(0)
  #inData = false
  #searched = 0
  #isHung = false
  readonly #script: RemoteScript

  constructor(socket: Socket, script: RemoteScript) {
    this.#socket = socket
    this.#script = script
    this.#listen()
    this.#say(script.banner, '220 remote.test ESMTP', '')
  }

  /** The messages that came whole, without the dots that SMTP needs. */
  get messages(): Buffer[] {
    return this.raw.map((raw) => Buffer.from(raw.toString('latin1').replace(/(^|\r\n)\./g, '$1'), 'latin1'))
  }

  write(bytes: string | Buffer): void {
    this.#socket.write(bytes)
  }

  /** Loses what came with the command. */
  discard(): void {
    this.#buffer = Buffer.alloc(0)
  }

  /** Reads nothing more. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** FIN, after what was written. */
  close(): null {
    this.#socket.end()
    return null
  }

  /** RST. */
  reset(): null {
    this.#socket.resetAndDestroy()
    return null
  }

  destroy(): null {
    this.#socket.destroy()
    return null
  }

  #listen(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
      if (!this.#inData) this.segments += 1
      this.#work()
    })
    this.#socket.on('error', () => undefined)
    this.#socket.on('close', () => (this.isClosed = true))
  }

  #work(): void {
    while (!this.#isHung) {
      if (this.#inData) {
        const empty = this.#buffer.subarray(0, 3).equals(Buffer.from('.\r\n'))
        const at = empty ? 0 : this.#buffer.indexOf('\r\n.\r\n', Math.max(0, this.#searched - 4))
        this.#script.body?.(this, this.#buffer.length)
        this.#searched = at === -1 ? this.#buffer.length : 0
        if (at === -1) return
        this.raw.push(this.#buffer.subarray(0, empty ? 0 : at + 2))
        this.#buffer = this.#buffer.subarray(empty ? 3 : at + 5)
        this.#inData = false
        this.#say(this.#script.end, '250 2.0.0 queued', '.')
      } else {
        const at = this.#buffer.indexOf('\r\n')
        if (at === -1) return
        const line = this.#buffer.toString('utf8', 0, at)
        this.#buffer = this.#buffer.subarray(at + 2)
        this.commands.push(line)
        this.#command(line)
      }
    }
  }

  #command(line: string): void {
    const { tls, offers = OFFERS, ...script } = this.#script
    const all = ['remote.test', ...offers, ...(tls === undefined || this.isSecure ? [] : ['STARTTLS'])]
    const ehlo = all.map((each, index) => `250${index === all.length - 1 ? ' ' : '-'}${each}`).join('\r\n')
    switch (line.split(' ')[0]?.toUpperCase()) {
      case 'EHLO':
        return void this.#say(script.ehlo, ehlo, line)
      case 'HELO':
        return void this.#say(script.helo, '250 remote.test', line)
      case 'STARTTLS':
        if (this.#say(script.starttls, '220 go on', line)?.startsWith('220') === true) {
          if (this.#script.upgrades ?? true) this.#upgrade()
          else this.#isHung = true
        }
        return
      case 'MAIL':
        return void this.#say(script.mail, '250 2.1.0 ok', line)
      case 'RCPT':
        return void this.#say(script.rcpt, '250 2.1.5 ok', line)
      case 'DATA':
        this.#inData = this.#say(script.data, '354 go on', line)?.startsWith('354') === true
        return
      case 'RSET':
        return void this.#say(script.rset, '250 2.0.0 ok', line)
      case 'QUIT':
        this.#say(script.quit, '221 2.0.0 bye', line)
        return void this.close()
      default:
        // AUTH and what follows it.
        return void this.#say(script.auth, '500 5.5.2 unknown', line)
    }
  }

  #say(given: Step | undefined, usual: string, line: string): string | null {
    const step = given === undefined ? usual : given
    const said = typeof step === 'function' ? step(this, line) : step
    if (step === null) this.#isHung = true
    if (said === null) return null
    this.#socket.write(typeof said === 'string' ? `${said}\r\n` : said)
    return said.toString()
  }

  #upgrade(): void {
    this.#socket.removeAllListeners('data')
    const socket = new TLSSocket(this.#socket, {
      isServer: true,
      SNICallback: (name, done) => {
        this.serverName = name
        done(null)
      },
      ...this.#script.tls,
    })
    this.#socket = socket
    socket.on('secure', () => {
      this.isSecure = true
      this.protocol = socket.getProtocol()
    })
    this.#listen()
  }
}

/** A mail server that plays a script. */
export class Remote {
  readonly connections: RemoteConnection[] = []
  readonly #server: Server
  /** May be changed while it runs: for connections to come. */
  script: RemoteScript

  private constructor(server: Server, script: RemoteScript) {
    this.#server = server
    this.script = script
    server.on('connection', (socket) => this.connections.push(new RemoteConnection(socket, this.script)))
  }

  /** Listens on an address of loopback; null: the port is taken there. */
  static async listen(address: string, port: number, script: RemoteScript): Promise<Remote | null> {
    const server = createServer({ noDelay: true })
    const remote = new Remote(server, script)
    const isOpen = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false))
      server.listen(port, address, () => resolve(true))
    })
    return isOpen ? remote : null
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  /** All commands, of all connections in their order. */
  get commands(): string[] {
    return this.connections.flatMap(({ commands }) => commands)
  }

  /** All messages that came whole. */
  get messages(): Buffer[] {
    return this.connections.flatMap(({ messages }) => messages)
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.destroy()
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
    })
  }
}
