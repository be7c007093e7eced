import type { SmtpReply } from '../../smtp/reply.ts'
import type { BounceClass, BounceScope } from '../classes.ts'

/**
 * What kind of mail came back to a return path.
 * - `bounce`: at least one recipient failed for good. - `delayed`: nobody failed, somebody is still tried. - `delivered`: only good news.
 * - `complaint`, `not_spam`: a reader's verdict (RFC 5965). - `auth_failure`: a report about authentication (RFC 6591), no complaint.
 * - `disposition`: whether it was read (RFC 8098). - `auto_reply`: an answer by a program. - `other`: anything else, such as an answer.
 */
export type ReturnedKind =
  | 'bounce'
  | 'delayed'
  | 'delivered'
  | 'complaint'
  | 'not_spam'
  | 'auth_failure'
  | 'disposition'
  | 'auto_reply'
  | 'other'

/** What became of the mail for one recipient, as the other side tells it. All texts are bounded, none is to be trusted. */
export interface ReturnedRecipient {
  /** Its key when it is an address, else as written; '' when the mail names nobody. */
  readonly address: string
  /** From Original-Recipient, where it differs. */
  readonly original: string | null
  readonly action: 'failed' | 'delayed' | 'relayed' | 'delivered' | 'expanded'
  /** The enhanced code (RFC 3463), or null. */
  readonly status: string | null
  /** The remote's reply, made up from its words where it has no code. */
  readonly reply: SmtpReply
  /** The server that said so. */
  readonly host: string | null
  /** Null after success. */
  readonly class: BounceClass | null
  readonly scope: BounceScope | null
  /** What decided the class. */
  readonly rule: string | null
}

/** A feedback report (RFC 5965, RFC 6591). */
export interface Feedback {
  /** Feedback-Type in lower case: `abuse`, `fraud`, `virus`, `not-spam`, `auth-failure`, `other` … */
  readonly type: string
  readonly userAgent: string | null
  readonly sourceIp: string | null
  readonly arrivedAt: Date | null
  /** Recipients that it names; none when they are redacted. */
  readonly recipients: readonly string[]
  readonly reportedDomains: readonly string[]
  /** Auth-Failure in lower case: `dkim`, `spf`, `dmarc` … */
  readonly authFailure: string | null
  /** Delivery-Result in lower case. */
  readonly deliveryResult: string | null
}

/** Mail that came back, read. */
export interface ReturnedMail {
  readonly kind: ReturnedKind
  /** What recognised it: `rfc3464`, `arf`, or a row of the table of formats. */
  readonly format: string
  readonly recipients: readonly ReturnedRecipient[]
  /** Our ENVID (RFC 3461 §4.4). */
  readonly envelopeId: string | null
  /** Message-IDs of the message that it is about, without angle brackets, the surest first. */
  readonly messageIds: readonly string[]
  /** Envelope senders of that message that it names, which may be return paths of ours. */
  readonly returnPaths: readonly string[]
  readonly feedback: Feedback | null
}
