import type { Address, ReversePath } from '@mairust/mail-core/address'
import type { Notify } from '@mairust/mail-core/smtp'
import type { MessageContent } from './content.ts'

/** What RCPT says. `notify`: null when nothing was asked for, empty for NEVER (RFC 3461 §4.1). */
export interface RcptFacts {
  readonly address: Address
  readonly notify: readonly Notify[] | null
  readonly orcpt: { readonly type: string; readonly address: string } | null
}

/** One recipient of an attempt. */
export interface OutgoingRecipient extends RcptFacts {
  /** The delivery's. */
  readonly id: string
  /** How often a refusal for good, which is not about the recipient, has been tried again already (O41). */
  readonly rescues: number
}

/** A message on its way out, for at most 100 recipients (O17). */
export interface OutgoingMessage {
  readonly sender: ReversePath
  /** RFC 3461 §4.3, §4.4. */
  readonly ret: 'full' | 'hdrs' | null
  readonly envid: string | null
  readonly recipients: readonly OutgoingRecipient[]
  readonly content: MessageContent
  /** The message without 8-bit bytes, signed anew, for servers that take no others (O15); null: it cannot be had. */
  readonly sevenBit: (() => Promise<MessageContent>) | null
}
