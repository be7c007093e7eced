import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Ending, Transaction } from '@mairust/intake/transaction'
import { inNetworks, canonicalIp } from '@mairust/mail-core/inbound'
import { replies, replyText, type SessionFacts, type SmtpReply } from '@mairust/mail-core/smtp'
import type { SMTPServer } from 'smtp-server'
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js'
import type { Client, LoginUser } from '../client.ts'
import type { Ticket } from '../ticket.ts'
import { CommandStream } from './command-stream.ts'
import { letGo } from './let-go.ts'
import type { AdapterOptions } from './options.ts'

/** The library keeps false before a login. */
const userOf = (user: unknown): LoginUser | null => (user instanceof Object ? (user as LoginUser) : null)

/** One connection from accept to close, without its commands. */
export class Session extends SMTPConnection implements Client {
  transaction: Transaction | null = null
  unknownRecipients = 0
  readonly refusals = { transactions: 0, recipients: 0, overLimit: 0 }
  readonly named = { count: 0 }
  failedLogins = 0
  reverse: Client['reverse'] = null
  ending: Ending = 'the connection was lost'
  protected readonly adapter: AdapterOptions
  protected readonly ticket: Ticket
  #tls: SessionFacts['tls'] = null
  readonly #connectedAt: Date
  /** The topmost socket: during STARTTLS, the TLS socket that the library does not expose yet. */
  #top: Socket

  constructor(
    server: SMTPServer,
    socket: Socket,
    socketOptions: SMTPConnectionOptions,
    { options, ticket }: { readonly options: AdapterOptions; readonly ticket: Ticket },
  ) {
    super(server, socket, socketOptions)
    this.adapter = options
    this.ticket = ticket
    this.#connectedAt = new Date(options.now())
    this.#top = socket
    // The library strips `::ffff:` only in that exact spelling.
    this._originalRemoteAddress = this.remoteAddress = canonicalIp(
      socketOptions.remoteAddress ?? socket.remoteAddress ?? '',
    )
    ticket.close = (reply) => this.end(reply)
  }

  facts(): SessionFacts {
    const socket = this._socket
    const tls = this.secure && socket instanceof TLSSocket ? socket : null
    const version = tls?.getProtocol() ?? null
    // A closed socket has no TLS facts; keep the last ones.
    if (tls !== null && version !== null) this.#tls = { version, cipher: tls.getCipher().name }
    return {
      listener: this.adapter.listener,
      remoteAddress: this.remoteAddress,
      remotePort: this.remotePort,
      clientHostname: null,
      helo: this.hostNameAppearsAs === false ? '' : this.hostNameAppearsAs,
      extended: this.openingCommand === 'EHLO',
      tls: this.#tls,
      user: userOf(this.session.user),
      connectedAt: this.#connectedAt,
    }
  }

  forwardedName(): string | null | undefined {
    if (!this._xClient.has('ADDR')) return undefined
    const name = this._xClient.get('NAME')
    return typeof name === 'string' && name !== '' ? name : null
  }

  /** Whether the client is waiting for no reply to a transaction. */
  get idle(): boolean {
    return this.transaction === null && this.ticket.data === null
  }

  reply(reply: SmtpReply): void {
    this.send(reply.code, replyText(reply), false)
  }

  /** Our replies already have an enhanced code; the library would prepend another. */
  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const enhanced = typeof data === 'string' && /^[245]\.\d{1,3}\.\d{1,3} /.test(data)
    super.send(code, data, enhanced ? false : context)
  }

  /** Sends the reply and closes at once, without waiting for the client. */
  end(reply: SmtpReply): void {
    if (this._closed || this._socket.destroyed) return
    this.ending = reply
    this.reply(reply)
    this.close()
    if (!this._upgrading) letGo(this._socket)
  }

  /** The library would end the socket under a running handshake, which may crash Node. */
  override close(): void {
    if (this._upgrading) this.#top.destroy()
    else super.close()
  }

  override _armTimeout(socket: Socket = this._socket): void {
    this.#top = socket
    super._armTimeout(socket)
  }

  /** When a handler throws, replies 451; the library's 550 would bounce the mail. */
  protected answer(work: Promise<SmtpReply>, done: (reply: SmtpReply) => void): void {
    work
      .catch((error: unknown) => {
        this.adapter.log.error({ err: error, request_id: this.id, remote_addr: this.remoteAddress }, 'A command failed')
        return replies.unexpected
      })
      .then((reply) => {
        this.reply(reply)
        this.session.envelope.mailFrom = this.transaction === null ? false : { address: '', args: false }
        done(reply)
      })
      .catch((error: unknown) => this._onError(error instanceof Error ? error : new Error(String(error))))
  }

  /** Disconnects an idle client while the server drains. @returns whether it did */
  protected leaveIfDraining(): boolean {
    const leaving = this.adapter.isDraining() && this.idle
    if (leaving) this.end(replies.shuttingDown)
    return leaving
  }

  /** Applies the limits now that the client is known. @returns false when it was refused */
  protected identify(): boolean {
    const welcome = this.adapter.connections.identify(this.ticket, this.remoteAddress)
    if (!welcome) this.end(replies.tooManyConnections)
    return welcome
  }

  /** A front end that may use XCLIENT is not limited as one client; it has until MAIL to name the client. */
  begin(): void {
    if (inNetworks(this.remoteAddress, this.adapter.xclients()) || this.identify()) this.adapter.stages.connect(this)
  }

  override _resetSession(): void {
    super._resetSession()
    this.#reset('the client reset the session')
  }

  /** Called from socket events, where a throw would end the process. */
  #reset(ending: Ending): void {
    try {
      this.adapter.stages.reset(this, ending)
    } catch (error) {
      this.adapter.log.error(
        { err: error, request_id: this.id, remote_addr: this.remoteAddress },
        'Ending a session failed',
      )
    }
  }

  override _proxyCommandAllowed(command: string): boolean {
    return (
      command === 'XCLIENT' &&
      !this._xClient.has('ADDR') &&
      inNetworks(this._originalRemoteAddress, this.adapter.xclients())
    )
  }

  override handler_QUIT(command: Buffer, callback: () => void): void {
    this.ending = 'the client ended the session'
    super.handler_QUIT(command, callback)
  }

  override _onClose(): void {
    this.adapter.connections.release(this.ticket)
    const parser = this._parser
    const unread = parser instanceof CommandStream && parser._dataMode && parser.writableLength > 0
    // Read what the client sent before it left: it may hold the end of the message.
    if (unread && !this._closing) parser.end(() => this.#closed())
    else this.#closed()
  }

  #closed(): void {
    super._onClose()
    this.#reset(this.ending)
  }

  /** Logged at debug: the library emits an error per dropped connection, and clients drop them all day. */
  override _onError(error: Error): void {
    this.adapter.log.debug({ err: error, request_id: this.id, remote_addr: this.remoteAddress }, 'The connection broke')
    if (this._upgrading)
      this.adapter.notices.tlsFailed(this.remoteAddress, 'code' in error ? String(error.code) : error.name)
    this.#top.destroy()
  }
}
