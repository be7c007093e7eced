import { canonicalIp } from '@mairust/mail-core/inbound'
import { offersDsn, replies, type SmtpReply } from '@mairust/mail-core/smtp'
import type { SMTPStream } from 'smtp-server/lib/smtp-stream.js'
import type { LineProblem } from '../command-lines.ts'
import { isAuthResponse, parsePathCommand } from '../command.ts'
import { CommandStream } from './command-stream.ts'
import { Session } from './session.ts'

/** Limit of commands that move no mail, since the last accepted message. */
const MAX_JUNK = 100
/** As many attempts to log in weigh as much. */
const MAX_AUTH = 10
const [SPACE, TAB] = [0x20, 0x09]
const JUNK = new Set(['NOOP', 'RSET', 'VRFY', 'HELP', 'HELO', 'EHLO', 'EXPN', 'ETRN', 'XFORWARD', 'STARTTLS', 'BDAT'])
const BAD_LINE: Readonly<Record<LineProblem, SmtpReply>> = {
  bare: replies.bareCommand,
  too_long: replies.commandTooLong,
}

/** One client's commands. Each override fixes something that is wrong for the open internet. */
export class Connection extends Session {
  #junk = 0

  override _createParser(): SMTPStream {
    const parser = new CommandStream(
      () => this._nextHandler !== false,
      () => this._upgrading,
      (problem) => {
        // During a handshake, leftover plain text is dropped without a reply.
        if (!this._upgrading) this.end(BAD_LINE[problem])
      },
    )
    parser.oncommand = (command, callback) => this._onCommand(command, callback)
    parser.on('error', (error) => this._onError(error))
    return parser
  }

  override _onCommand(line: Buffer, callback?: () => void): void {
    const command = this._nextHandler === false ? withoutTrailingBlanks(line) : line
    const name = command.toString('latin1').split(' ', 1)[0]?.toUpperCase() ?? ''
    if (!this._upgrading && this._ready) {
      if (this.leaveIfDraining()) return
      if (this._nextHandler !== false && !isAuthResponse(command.toString('latin1'))) {
        this._nextHandler = false
        this.reply(replies.notBase64)
        return callback?.()
      }
      if (JUNK.has(name)) this.#junk += 1
      if (name === 'AUTH') this.#junk += MAX_JUNK / MAX_AUTH
      if (this.#junk > MAX_JUNK) {
        this.end(replies.tooManyErrors)
        return
      }
    }
    super._onCommand(command, () => {
      if (this._ready) this.leaveIfDraining()
      callback?.()
    })
  }

  /** Resets the session under the given name. @returns false when the name is missing or invalid */
  #greet(command: Buffer): boolean {
    const [, helo = '', ...more] = command.toString('utf8').trim().split(/\s+/)
    if (helo === '' || more.length > 0 || helo.length > 255) {
      this.reply(replies.badHello)
      return false
    }
    this.hostNameAppearsAs = helo
    this._resetSession()
    return true
  }

  override handler_EHLO(command: Buffer, callback: () => void): void {
    if (this.#greet(command)) {
      const features = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'ENHANCEDSTATUSCODES', `SIZE ${this.adapter.maxSize()}`]
      if (offersDsn(this.adapter)) features.push('DSN')
      if (!this.secure) features.push('STARTTLS')
      // The library offers AUTH before TLS too, which invites clients to send credentials in clear text.
      else if (this._isSupported('AUTH') && !this.session.user) features.push('AUTH PLAIN LOGIN')
      if (this._proxyCommandAllowed('XCLIENT')) features.push('XCLIENT NAME ADDR PORT HELO')
      this.send(250, [this.name, ...features], false)
    }
    callback()
  }

  override handler_HELO(command: Buffer, callback: () => void): void {
    if (this.#greet(command)) this.send(250, this.name, false)
    callback()
  }

  override handler_VRFY(_command: Buffer, callback: () => void): void {
    this.reply(replies.noVerify)
    callback()
  }

  override handler_HELP(_command: Buffer, callback: () => void): void {
    this.reply(replies.help)
    callback()
  }

  override handler_AUTH(command: Buffer, callback: () => void): void {
    if (!this.secure) {
      this.adapter.notices.loginWithoutTls(this.remoteAddress, this.id)
      this.reply(replies.tlsForAuth)
    } else if (this.transaction !== null) this.reply(replies.badSequence)
    else {
      const [, , initial] = command.toString('latin1').trim().split(/\s+/)
      if (initial === undefined || isAuthResponse(initial)) {
        super.handler_AUTH(command, callback)
        return
      }
      this.reply(replies.notBase64)
    }
    callback()
  }

  override handler_XCLIENT(command: Buffer, callback: () => void): void {
    super.handler_XCLIENT(command, () => {
      if (this._xClient.has('ADDR')) {
        this.remoteAddress = canonicalIp(this.remoteAddress)
        this.identify()
      }
      callback()
    })
  }

  override handler_MAIL(command: Buffer, callback: () => void): void {
    if (!this.identify()) {
      callback()
      return
    }
    const work = async (): Promise<SmtpReply> => {
      const reply = await this.adapter.stages.mail(this, parsePathCommand(command))
      if (reply.code === 250) this.adapter.connections.completedMail(this.ticket)
      else this.#junk += 1
      return reply
    }
    this.answer(work(), callback)
  }

  override handler_RCPT(command: Buffer, callback: () => void): void {
    const recipients = (): number => this.transaction?.destinations.size ?? 0
    const work = async (): Promise<SmtpReply> => {
      const before = recipients()
      const reply = await this.adapter.stages.rcpt(this, parsePathCommand(command))
      // The same recipient again is no step towards a message.
      if (recipients() > before) this.adapter.connections.acceptedRecipient(this.ticket)
      else if (reply.code === 250) this.#junk += 1
      return reply
    }
    this.answer(work(), callback)
  }

  override handler_DATA(command: Buffer, callback: () => void): void {
    const parser = this._parser
    if (!(parser instanceof CommandStream)) {
      callback()
      return
    }
    if (command.length !== 4 || this.transaction === null || this.transaction.destinations.size === 0) {
      this.#junk += 1
      this.reply(replies.badSequence)
      callback()
      return
    }
    // RFC 2920 §3.1: DATA is the last command of a group. A client that sends more is smuggling or broken.
    if (parser.pending) {
      this.end(replies.syncLost)
      callback()
      return
    }
    const message = parser.startDataMode()
    this._dataStream = message
    this.ticket.progress.at = this.adapter.now()
    this.ticket.data = {
      startedAt: this.adapter.now(),
      bytes: () => parser.dataBytes,
      complete: () => !parser._dataMode,
    }
    this.send(354, 'End data with <CR><LF>.<CR><LF>', false)
    callback()
    this.answer(this.adapter.stages.data(this, message), (reply) => {
      this.ticket.data = null
      if (parser._dataMode) {
        // The rest is message, not commands. The library drains it for a while so that the client reads our reply.
        if (!this._closed) this.close()
        return
      }
      if (reply.code === 250) {
        this.adapter.connections.acceptedMessage(this.ticket)
        this.#junk = 0
        this._unrecognizedCommands = 0
      }
      this._dataStream = false
      this._resetSession()
      if (!this.leaveIfDraining() && this._parser !== false) this._parser.continue()
    })
  }
}

/** RFC 5321 §4.1.1: servers should tolerate trailing blanks after every command. */
function withoutTrailingBlanks(line: Buffer): Buffer {
  let end = line.length
  while (end > 0 && (line[end - 1] === SPACE || line[end - 1] === TAB)) end -= 1
  return line.subarray(0, end)
}
