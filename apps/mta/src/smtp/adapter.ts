/**
 * The only file that knows smtp-server. It keeps the library's framing of DATA, TLS, SASL, PROXY and XCLIENT, and
 * mends what is not right for a server on the open internet; each override says what.
 */
import type { AddressInfo, Socket } from 'node:net'
import type { SecureContextOptions } from 'node:tls'
import { TLSSocket } from 'node:tls'
import { decideAuthFailures, inNetworks } from '@mairust/mail-core/inbound'
import {
  type Listener,
  type SessionFacts,
  type SmtpReply,
  replies,
  replyText,
  smtpReply,
} from '@mairust/mail-core/smtp'
import { SMTPServer } from 'smtp-server'
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js'
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js'
import type { Log } from '../log.ts'
import type { Client, LoginResult, LoginUser, Stages } from './client.ts'
import { CommandLines, type LineProblem } from './command-lines.ts'
import { isAuthResponse, parsePathCommand } from './command.ts'
import type { Connections, Ticket } from './connections.ts'
import type { Transaction } from './transaction.ts'

export interface AdapterOptions {
  readonly listener: Listener
  readonly hostname: string
  readonly maxSize: () => number
  readonly tls: SecureContextOptions
  /** Networks that may speak the PROXY protocol, and that may use XCLIENT. */
  readonly proxies: () => readonly string[]
  readonly xclients: () => readonly string[]
  readonly stages: Stages
  readonly connections: Connections
  readonly log: Log
  readonly now: () => number
  readonly isDraining: () => boolean
}

const IDLE = 300_000
/** Commands that move no mail, since the last message. */
const MAX_JUNK = 500
const JUNK = new Set(['NOOP', 'RSET', 'VRFY', 'HELP', 'HELO', 'EHLO', 'EXPN', 'ETRN', 'XFORWARD'])
/** Commands one event loop turn may run, so that a full segment of them leaves others served. */
const COMMANDS_PER_TURN = 50
const SYNC_LOST = smtpReply(554, '5.5.0', 'Wait for the answer to DATA before sending the message')
const BAD_LINE: Readonly<Record<LineProblem, SmtpReply>> = {
  bare: smtpReply(500, '5.5.2', 'Commands end in CRLF and hold no other control characters'),
  too_long: smtpReply(500, '5.5.2', 'The line is too long'),
}

/** The library's parser takes bare LF, and runs an unfinished last command when the client closes: both mended here. */
class CommandStream extends SMTPStream {
  readonly #lines = new CommandLines()
  readonly #isAuth: () => boolean
  readonly #bad: (problem: LineProblem) => void

  constructor(isAuth: () => boolean, bad: (problem: LineProblem) => void) {
    super({})
    this.#isAuth = isAuth
    this.#bad = bad
  }

  /** Whether the client has sent on without waiting. */
  get pending(): boolean {
    return this.#lines.pending
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding | 'buffer', next: (error?: Error | null) => void): void {
    this.#lines.add(chunk)
    this.#run(next)
  }

  /** Runs commands one after the other; each calls back when the next may begin. */
  #run(next: (error?: Error | null) => void): void {
    const step = (): void => {
      for (let turn = 1; ; turn += 1) {
        const line = this.#takeLine()
        if (line === null) {
          this.#passRest(next)
          return
        }
        let waiting = false
        let finished = false
        this.oncommand(line, () => {
          if (finished) return
          finished = true
          if (waiting) step()
        })
        if (!isTrue(finished)) {
          waiting = true
          return
        }
        if (turn >= COMMANDS_PER_TURN) {
          setImmediate(step)
          return
        }
      }
    }
    step()
  }

  /** The next command; null when there is none, or the bytes are no commands any more. */
  #takeLine(): Buffer | null {
    if (this.isClosed || this._dataMode) return null
    const { line, problem } = this.#lines.next(this.#isAuth())
    if (problem !== null) this.#bad(problem)
    return line
  }

  /** What follows DATA belongs to the message. */
  #passRest(next: (error?: Error | null) => void): void {
    const rest = this._dataMode && !this.isClosed ? this.#lines.takeRest() : null
    if (rest === null || rest.length === 0) next()
    else this._feedDataStream(rest, next)
  }

  override _flushData(): void {
    // What has no CRLF is no command.
  }
}

/** What the library keeps is false before a login. */
const userOf = (user: unknown): LoginUser | null => (user instanceof Object ? (user as LoginUser) : null)

/** Read through a call, since the flow analysis does not see that the callback has set it. */
const isTrue = (value: boolean): boolean => value

class Connection extends SMTPConnection implements Client {
  transaction: Transaction | null = null
  unknownRecipients = 0
  readonly refusals = { transactions: 0, recipients: 0 }
  failedLogins = 0
  reverse: Client['reverse'] = null
  readonly #options: AdapterOptions
  readonly #ticket: Ticket
  readonly #connectedAt: Date
  #junk = 0

  constructor(server: Server, socket: Socket, socketOptions: SMTPConnectionOptions, ticket: Ticket) {
    super(server, socket, socketOptions)
    this.#options = server.adapter
    this.#ticket = ticket
    this.#connectedAt = new Date(server.adapter.now())
    ticket.close = (reply) => this.end(reply)
  }

  facts(): SessionFacts {
    const socket = this._socket
    const tls = this.secure && socket instanceof TLSSocket ? socket : null
    return {
      listener: this.#options.listener,
      remoteAddress: this.remoteAddress,
      remotePort: this.remotePort,
      clientHostname: null,
      helo: this.hostNameAppearsAs === false ? '' : this.hostNameAppearsAs,
      extended: this.openingCommand === 'EHLO',
      tls: tls && { version: tls.getProtocol() ?? '', cipher: tls.getCipher().name },
      user: userOf(this.session.user),
      connectedAt: this.#connectedAt,
    }
  }

  forwardedName(): string | null | undefined {
    if (!this._xClient.has('ADDR')) return undefined
    const name = this._xClient.get('NAME')
    return typeof name === 'string' && name !== '' ? name : null
  }

  /** Whether nothing is under way that the client must still be answered. */
  get idle(): boolean {
    return this.transaction === null && this.#ticket.data === null
  }

  reply(reply: SmtpReply): void {
    this.send(reply.code, replyText(reply), false)
  }

  /** Our replies bring their enhanced code; the library would put a second one before it. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const enhanced = typeof data === 'string' && /^[245]\.\d{1,3}\.\d{1,3} /.test(data)
    super.send(code, data, enhanced ? false : context)
  }

  /** Says why and closes at once: the client gets no time to linger. */
  end(reply: SmtpReply): void {
    if (this._closed || this._socket.destroyed) return
    this.reply(reply)
    this.close()
    this._socket.destroySoon()
  }

  /** The library would answer 550 when a handler throws, which bounces mail for good: here it is 451. */
  #answer(work: Promise<SmtpReply>, done: (reply: SmtpReply) => void): void {
    work
      .catch((error: unknown) => {
        this.#options.log.error(
          { err: error, request_id: this.id, remote_addr: this.remoteAddress },
          'A command failed',
        )
        return replies.unexpected
      })
      .then((reply) => {
        this.reply(reply)
        this.session.envelope.mailFrom = this.transaction === null ? false : { address: '', args: false }
        done(reply)
      })
      .catch((error: unknown) => this._onError(error instanceof Error ? error : new Error(String(error))))
  }

  /** While the server drains, nobody begins anything new. */
  #leaveIfDraining(): boolean {
    const leaving = this.#options.isDraining() && this.idle
    if (leaving) this.end(replies.shuttingDown)
    return leaving
  }

  override _createParser(): SMTPStream {
    const parser = new CommandStream(
      () => this._nextHandler !== false,
      (problem) => {
        // While a handshake runs, what is left of the plain text is dropped unanswered.
        if (!this._upgrading) this.end(BAD_LINE[problem])
      },
    )
    parser.oncommand = (command, callback) => this._onCommand(command, callback)
    parser.on('error', (error) => this._onError(error))
    return parser
  }

  override _onCommand(command: Buffer, callback?: () => void): void {
    const name = command.toString('latin1').split(' ', 1)[0]?.toUpperCase() ?? ''
    if (!this._upgrading && this._ready) {
      if (this.#leaveIfDraining()) return
      if (this._nextHandler !== false && !isAuthResponse(command.toString('latin1'))) {
        this._nextHandler = false
        this.reply(smtpReply(501, '5.5.2', 'The answer is not base64'))
        return callback?.()
      }
      if (JUNK.has(name) && (this.#junk += 1) > MAX_JUNK) {
        this.end(replies.tooManyErrors)
        return
      }
    }
    super._onCommand(command, () => {
      if (this._ready) this.#leaveIfDraining()
      callback?.()
    })
  }

  override handler_EHLO(command: Buffer, callback: () => void): void {
    const words = command.toString('utf8').trim().split(/\s+/)
    const helo = words[1] ?? ''
    if (words.length !== 2 || helo.length > 255) {
      this.send(501, '5.5.4 Say EHLO and your host name', false)
      callback()
      return
    }
    this.hostNameAppearsAs = helo
    this._resetSession()
    const features = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', `SIZE ${this.#options.maxSize()}`]
    if (!this.secure) features.push('STARTTLS')
    // The library offers AUTH before TLS too; credentials must not be invited in clear.
    else if (this._isSupported('AUTH') && !this.session.user) features.push('AUTH PLAIN LOGIN')
    if (this._proxyCommandAllowed('XCLIENT')) features.push('XCLIENT NAME ADDR PORT HELO')
    this.send(250, [this.name, ...features], false)
    callback()
  }

  override handler_HELO(command: Buffer, callback: () => void): void {
    const words = command.toString('utf8').trim().split(/\s+/)
    const helo = words[1] ?? ''
    if (words.length !== 2 || helo.length > 255) this.send(501, '5.5.4 Say HELO and your host name', false)
    else {
      this.hostNameAppearsAs = helo
      this._resetSession()
      this.send(250, this.name, false)
    }
    callback()
  }

  override handler_VRFY(_command: Buffer, callback: () => void): void {
    this.send(502, '5.5.1 VRFY is not available', false)
    callback()
  }

  override handler_HELP(_command: Buffer, callback: () => void): void {
    this.send(214, '2.0.0 This is MaiRust; RFC 5321 says how to talk to it', false)
    callback()
  }

  override handler_AUTH(command: Buffer, callback: () => void): void {
    if (!this.secure) this.reply(replies.tlsForAuth)
    else if (this.transaction !== null) this.reply(replies.badSequence)
    else {
      const [, , initial] = command.toString('latin1').trim().split(/\s+/)
      if (initial === undefined || isAuthResponse(initial)) {
        super.handler_AUTH(command, callback)
        return
      }
      this.reply(smtpReply(501, '5.5.2', 'The answer is not base64'))
    }
    callback()
  }

  override handler_XCLIENT(command: Buffer, callback: () => void): void {
    super.handler_XCLIENT(command, () => {
      if (this._xClient.has('ADDR')) this.#identify()
      callback()
    })
  }

  /** The client is known now: its limits hold. @returns false when it has been turned away. */
  #identify(): boolean {
    const welcome = this.#options.connections.identify(this.#ticket, this.remoteAddress)
    if (!welcome) this.end(replies.tooManyConnections)
    return welcome
  }

  /** A front end that may name its clients is not held to the limits of one; it has until MAIL to name it. */
  begin(): void {
    if (inNetworks(this.remoteAddress, this.#options.xclients()) || this.#identify()) this.#options.stages.connect(this)
  }

  override handler_MAIL(command: Buffer, callback: () => void): void {
    if (!this.#identify()) {
      callback()
      return
    }
    const work = async (): Promise<SmtpReply> => {
      const reply = await this.#options.stages.mail(this, parsePathCommand(command))
      if (reply.code === 250) this.#options.connections.completedMail(this.#ticket)
      return reply
    }
    this.#answer(work(), callback)
  }

  override handler_RCPT(command: Buffer, callback: () => void): void {
    this.#answer(this.#options.stages.rcpt(this, parsePathCommand(command)), callback)
  }

  override handler_DATA(command: Buffer, callback: () => void): void {
    const parser = this._parser
    if (!(parser instanceof CommandStream)) {
      callback()
      return
    }
    if (command.length !== 4 || this.transaction === null || this.transaction.accepted.length === 0) {
      this.reply(replies.badSequence)
      callback()
      return
    }
    // RFC 2920 §3.1: DATA is the last command of a group. Whoever sends on is smuggling or broken.
    if (parser.pending) {
      this.end(SYNC_LOST)
      callback()
      return
    }
    const message = parser.startDataMode()
    this._dataStream = message
    this.#ticket.data = {
      startedAt: this.#options.now(),
      bytes: () => parser.dataBytes,
      complete: () => !parser._dataMode,
    }
    this.send(354, 'End data with <CR><LF>.<CR><LF>', false)
    callback()
    this.#answer(this.#options.stages.data(this, message), (reply) => {
      this.#ticket.data = null
      if (parser._dataMode) {
        // What still comes is no command. The library takes it in for a while, so that the client reads our answer.
        if (!this._closed) this.close()
        return
      }
      if (reply.code === 250) {
        this.#junk = 0
        this._unrecognizedCommands = 0
      }
      this._dataStream = false
      this._resetSession()
      if (!this.#leaveIfDraining() && this._parser !== false) this._parser.continue()
    })
  }

  override _resetSession(): void {
    super._resetSession()
    this.#options.stages.reset(this, 'reset')
  }

  override _proxyCommandAllowed(command: string): boolean {
    return (
      command === 'XCLIENT' &&
      !this._xClient.has('ADDR') &&
      inNetworks(this._originalRemoteAddress, this.#options.xclients())
    )
  }

  override _onClose(): void {
    this.#options.connections.release(this.#ticket)
    const parser = this._parser
    const unread = parser instanceof CommandStream && parser._dataMode && parser.writableLength > 0
    // What a client sent before it left may hold the end of its message, and is read first.
    if (unread && !this._closing) parser.end(() => this.#closed())
    else this.#closed()
  }

  #closed(): void {
    super._onClose()
    this.#options.stages.reset(this, 'the client went away')
  }

  /** The library emits an error per dropped connection; clients drop connections all day. */
  override _onError(error: Error): void {
    this.#options.log.debug(
      { err: error, request_id: this.id, remote_addr: this.remoteAddress },
      'The connection broke',
    )
    this._socket.destroy()
  }
}

class Server extends SMTPServer {
  readonly adapter: AdapterOptions
  readonly #tickets = new WeakMap<Socket, Ticket>()
  readonly #bySession = new WeakMap<object, Connection>()

  constructor(adapter: AdapterOptions) {
    super({
      name: adapter.hostname,
      secure: adapter.listener === 'submissions',
      disableReverseLookup: true,
      disabledCommands: ['WIZ', 'SHELL', 'KILL', 'XFORWARD', ...(adapter.listener === 'inbound' ? ['AUTH'] : [])],
      authMethods: ['PLAIN', 'LOGIN'],
      authRequiredMessage: replies.authRequired.text,
      maxAllowedUnauthenticatedCommands: 10,
      socketTimeout: IDLE,
      hideENHANCEDSTATUSCODES: false,
      logger: false,
      ...adapter.tls,
    })
    this.adapter = adapter
    this.on('error', (error: Error) => adapter.log.debug({ err: error }, 'A connection could not be set up'))
    this.#guardAccept()
  }

  /** Limits count from the first packet, before TLS and PROXY headers, for which the library waits without limit. */
  #guardAccept(): void {
    const [accept] = this.server.listeners('connection') as ((socket: Socket) => void)[]
    this.server.removeAllListeners('connection')
    this.server.on('connection', (socket: Socket) => {
      const { connections, listener, xclients } = this.adapter
      const proxied = this._expectsProxyHeader(socket)
      const refuse = (reply: SmtpReply): void => {
        socket.on('error', () => socket.destroy())
        if (listener !== 'submissions' && !proxied) socket.write(`${reply.code} ${replyText(reply)}\r\n`)
        socket.destroySoon()
      }
      if (this.adapter.isDraining()) {
        refuse(replies.shuttingDown)
        return
      }
      const address = socket.remoteAddress ?? ''
      const ticket = connections.admit(proxied || inNetworks(address, xclients()) ? null : address, refuse)
      if (ticket === null) {
        refuse(replies.tooManyConnections)
        return
      }
      socket.once('close', () => connections.release(ticket))
      this.#tickets.set(socket, ticket)
      accept?.(socket)
    })
  }

  override _expectsProxyHeader(socket: Socket): boolean {
    return inNetworks(socket.remoteAddress ?? '', this.adapter.proxies())
  }

  override _upgrade(socket: Socket, callback: Parameters<SMTPServer['_upgrade']>[1]): void {
    super._upgrade(socket, (error, tlsSocket) => {
      const ticket = this.#tickets.get(socket)
      if (tlsSocket !== undefined && ticket !== undefined) this.#tickets.set(tlsSocket, ticket)
      callback(error, tlsSocket)
    })
  }

  override connect(socket: Socket, socketOptions?: SMTPConnectionOptions | null): void {
    const ticket = this.#tickets.get(socket)
    if (ticket === undefined) return void socket.destroy()
    const connection = new Connection(this, socket, socketOptions ?? {}, ticket)
    this.#bySession.set(connection.session, connection)
    this.connections.add(connection)
    connection.init()
    connection.begin()
  }

  override onAuth = (...[auth, session, callback]: Parameters<SMTPServer['onAuth']>): void => {
    const connection = this.#bySession.get(session)
    if (connection === undefined || auth.method === 'XCLIENT') {
      callback(new Error('Not allowed'))
      return
    }
    this.adapter.stages
      .login(connection, auth.username ?? '', auth.password ?? '')
      .catch((error: unknown): LoginResult => {
        this.adapter.log.error({ err: error, request_id: connection.id }, 'A login failed')
        return { reply: replies.unexpected }
      })
      .then((result) => {
        if ('user' in result) {
          callback(null, { user: result.user })
          return
        }
        callback(null, { responseCode: result.reply.code, message: replyText(result.reply) })
        const decision = decideAuthFailures(connection.failedLogins)
        if (decision.kind === 'refuse') connection.end(decision.reply)
      })
      .catch((error: unknown) => connection._onError(error instanceof Error ? error : new Error(String(error))))
  }
}

/** The server of one listener. */
export interface SmtpServer {
  /** @throws the system's error when the port cannot be had. */
  listen(host: string, port: number): Promise<AddressInfo>
  readonly listening: boolean
  setTls(options: SecureContextOptions): void
  /** Says 421 to everyone who has no transaction open; the others finish theirs. */
  endIdle(): void
  /** Ends what is left and frees the port. */
  close(): Promise<void>
}

/** Makes the server of one listener; it does not listen yet. */
export function createSmtpServer(options: AdapterOptions): SmtpServer {
  const server = new Server(options)
  const each = (act: (connection: Connection) => void): void => {
    for (const connection of server.connections) if (connection instanceof Connection) act(connection)
  }
  return {
    listen: (host, port) =>
      new Promise((resolve, reject) => {
        server.server.once('error', reject)
        server.server.listen({ host, port, backlog: 1024 }, () => {
          server.server.off('error', reject)
          resolve(server.server.address() as AddressInfo)
        })
      }),
    get listening() {
      return server.server.listening
    },
    setTls: (tls) => server.updateSecureContext(tls),
    endIdle: () => each((connection) => connection.idle && connection.end(replies.shuttingDown)),
    close: () =>
      new Promise((resolve) => {
        server.server.close(() => resolve())
        for (const socket of server._pendingSockets.values()) socket.destroy()
        each((connection) => connection.end(replies.shuttingDown))
      }),
  }
}
