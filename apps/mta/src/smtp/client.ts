import type { Readable } from 'node:stream'
import type { SessionFacts, SmtpReply } from '@mairust/mail-core/smtp'
import type { PathCommand } from './command.ts'
import type { Ending, Transaction } from './transaction.ts'

/** Who is logged in on a submission port. */
export type LoginUser = NonNullable<SessionFacts['user']>

/** One client connection as the stages see it: facts that the adapter tells, and what the stages remember of it. */
export interface Client {
  readonly id: string
  /** The session as it stands now. XCLIENT and STARTTLS change it. */
  facts(): SessionFacts
  /** The name that a trusted front end gave with XCLIENT: undefined when it gave none, null for "unknown". */
  forwardedName(): string | null | undefined
  /** The transaction between MAIL and DATA, or its end. */
  transaction: Transaction | null
  /** How the connection ends, as far as is known. */
  readonly ending: Ending
  unknownRecipients: number
  /** Since the last accepted message; what each counts: `Refusals` of mail-core. */
  readonly refusals: { transactions: number; recipients: number }
  failedLogins: number
  reverse: { readonly address: string; readonly name: Promise<string | null> } | null
}

/** What a client says of itself in AUTH. */
export interface Credentials {
  readonly username: string
  readonly password: string
  /** As whom the client wants to act (RFC 4616 §2); '' for itself. */
  readonly actAs: string
}

export type LoginResult = { readonly user: LoginUser } | { readonly reply: SmtpReply }

/** What is done at each step of a session. A throw is answered 451 4.3.0 by the adapter. */
export interface Stages {
  connect(client: Client): void
  login(client: Client, credentials: Credentials): Promise<LoginResult>
  mail(client: Client, command: PathCommand | null): Promise<SmtpReply>
  rcpt(client: Client, command: PathCommand | null): Promise<SmtpReply>
  /**
   * Reads `message` to its end and takes the transaction over. An answer before the end means that the rest is not
   * wanted: the connection is over.
   */
  data(client: Client, message: Readable): Promise<SmtpReply>
  /** RSET, a new EHLO, STARTTLS or the end of the connection, with or without an open transaction. */
  reset(client: Client, ending: Ending): void
}
