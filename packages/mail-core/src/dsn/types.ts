import type { Address, ForwardPath } from '../address/index.ts'
import type { BounceClass } from '../bounce/classes.ts'
import type { ExplainLanguage } from '../bounce/explain.ts'
import type { MailParams, RcptParams } from '../smtp/params.ts'
import type { SmtpReply } from '../smtp/reply.ts'

/** What became of the mail for a recipient (RFC 3464 §2.3.3). */
export const DSN_ACTIONS = ['failed', 'delayed', 'relayed', 'delivered', 'expanded'] as const
export type DsnAction = (typeof DSN_ACTIONS)[number]

/** What a DSN says of one recipient. */
export interface DsnRecipient {
  /** Where the mail was going. */
  readonly path: ForwardPath
  /** The address that the sender wrote, from ORCPT. */
  readonly orcpt: RcptParams['orcpt']
  readonly action: DsnAction
  /** Why; null after success. */
  readonly class: BounceClass | null
  /** It was not sent: the address is on our suppression list. */
  readonly suppressed?: boolean | undefined
  /** What decided: a remote's reply, or ours. Its enhanced code is the status. */
  readonly reply: SmtpReply
  /** The last words of a remote, and its host name; null when none was reached. */
  readonly said: { readonly host: string; readonly reply: SmtpReply } | null
  readonly lastAttemptAt: Date | null
  /** Only with `delayed`. */
  readonly willRetryUntil: Date | null
}

/** The facts of a DSN for one message. */
export interface DsnReport extends Pick<MailParams, 'ret' | 'envid' | 'smtputf8'> {
  /** The reverse-path of the message: who is told. */
  readonly to: Address
  readonly language: ExplainLanguage
  /** The address of the mail system's people, for From; the envelope's is `<>`. */
  readonly from: Address
  /** Our host name. */
  readonly hostname: string
  readonly arrivedAt: Date
  readonly recipients: readonly [DsnRecipient, ...DsnRecipient[]]
  /** The message, or its beginning with the whole header. */
  readonly original: Buffer
  /** Whether `original` is all of it. */
  readonly complete: boolean
  /** Larger messages come back as their header alone; 50,000 bytes unless said otherwise. */
  readonly maxReturnedBytes?: number
}

/** What makes a DSN unlike any other. */
export interface DsnTools {
  readonly now: Date
  /** Without angle brackets. */
  readonly messageId: string
  /** Cannot be guessed, so that no returned message contains it; at most 70 letters, digits, `-` and `_`. */
  readonly boundary: string
}

/** A DSN, ready for the queue, and what its envelope needs. The reverse-path is always null (RFC 3461 §6.1). */
export interface Dsn extends Pick<MailParams, 'body' | 'smtputf8'> {
  readonly raw: Buffer
  readonly reversePath: null
  readonly to: Address
}
