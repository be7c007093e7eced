import type { Readable } from 'node:stream'
import type { Ending, Named, Transaction } from '@mairust/intake/transaction'
import type { SessionFacts, SmtpReply } from '@mairust/mail-core/smtp'
import type { PathCommand } from './command.ts'

/** The user logged in on a submission port. */
export type LoginUser = NonNullable<SessionFacts['user']>

/** One client connection as the stages see it: facts from the adapter, and state the stages keep. */
export interface Client {
  readonly id: string
  /** The session's current facts; XCLIENT and STARTTLS change them. */
  facts(): SessionFacts
  /** The name a trusted front end sent with XCLIENT: undefined for none, null for "unknown". */
  forwardedName(): string | null | undefined
  /** The open transaction, from MAIL until DATA or its end. */
  transaction: Transaction | null
  /** Why the connection ends, as far as is known. */
  readonly ending: Ending
  unknownRecipients: number
  /** Since the last accepted message; see `Refusals` in mail-core. */
  readonly refusals: { transactions: number; recipients: number; overLimit: number }
  readonly named: Named
  failedLogins: number
  reverse: { readonly address: string; readonly name: Promise<string | null> } | null
}

/** Credentials the client sent with AUTH. */
export interface Credentials {
  readonly username: string
  readonly password: string
  /** Authorization identity (RFC 4616 §2); '' for the client itself. */
  readonly actAs: string
}

export type LoginResult = { readonly user: LoginUser } | { readonly reply: SmtpReply }

/** The handlers of a session's steps. The adapter turns a throw into 451 4.3.0. */
export interface Stages {
  connect(client: Client): void
  login(client: Client, credentials: Credentials): Promise<LoginResult>
  mail(client: Client, command: PathCommand | null): Promise<SmtpReply>
  rcpt(client: Client, command: PathCommand | null): Promise<SmtpReply>
  /**
   * Takes over the transaction and reads `message` to its end. A reply before the end means that the rest is not wanted;
   * the adapter then closes the connection.
   */
  data(client: Client, message: Readable): Promise<SmtpReply>
  /** RSET, a new EHLO, STARTTLS or the end of the connection, with or without an open transaction. */
  reset(client: Client, ending: Ending): void
}
