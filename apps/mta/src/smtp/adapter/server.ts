import type { Socket } from 'node:net'
import { canonicalIp, decideAuthFailures, inNetworks } from '@mairust/mail-core/inbound'
import { replies, replyText, type SmtpReply } from '@mairust/mail-core/smtp'
import { SMTPServer } from 'smtp-server'
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js'
import type { LoginResult } from '../client.ts'
import type { Ticket } from '../ticket.ts'
import { Connection } from './connection.ts'
import type { AdapterOptions } from './options.ts'

const IDLE = 300_000

/** The library's server, with our limits in front and our stages behind. */
export class Server extends SMTPServer {
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
    // Only TLS from the first byte is set up before there is a session.
    this.on('error', (error: Error & { code?: unknown; meta?: { remoteAddress?: unknown } }) => {
      adapter.log.debug({ err: error }, 'Setting up a connection failed')
      if (typeof error.meta?.remoteAddress === 'string')
        adapter.notices.tlsFailed(canonicalIp(error.meta.remoteAddress), String(error.code))
    })
    this.#guardAccept()
  }

  /** Applies the limits at accept, before TLS and PROXY headers: the library waits for those without a limit. */
  #guardAccept(): void {
    const [accept] = this.server.listeners('connection') as ((socket: Socket) => void)[]
    this.server.removeAllListeners('connection')
    this.server.on('connection', (socket: Socket) => {
      const { connections, listener, xclients } = this.adapter
      const proxied = this._expectsProxyHeader(socket)
      const refuse = (reply: SmtpReply): void => {
        socket.on('error', () => socket.destroy())
        // Node crashes when a socket is closed under a handshake; end the TLS socket on top.
        const top = this._pendingSockets.get(socket) ?? socket
        if (top !== socket) {
          top.destroy()
          return
        }
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
    const connection = new Connection(this, socket, socketOptions ?? {}, { options: this.adapter, ticket })
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
      .login(connection, {
        username: auth.username ?? '',
        password: auth.password ?? '',
        actAs: auth.authzid ?? '',
      })
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
