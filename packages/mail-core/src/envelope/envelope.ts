import type { AddressKey, ForwardPath, ReversePath } from '../address/index.ts'
import type { MailParams, RcptParams } from '../smtp/index.ts'

/** A recipient of an envelope, with its DSN requests (RFC 3461 §4.1, §4.2). */
export interface EnvelopeRecipient extends RcptParams {
  /** Its identity: two spellings of an address are one recipient. */
  readonly key: AddressKey
  /** The path as given in RCPT. */
  readonly path: ForwardPath
}

/** The sender and recipients of a message, independent of its header (RFC 5321 §2.3.1), and its transport parameters. */
export interface Envelope extends Omit<MailParams, 'size'> {
  readonly reversePath: ReversePath
  /** In the order given, each once. */
  readonly recipients: readonly EnvelopeRecipient[]
}

/** The envelope that MAIL opens (RFC 5321 §3.3), without recipients. */
export function openEnvelope(reversePath: ReversePath, { body, smtputf8, ret, envid }: MailParams): Envelope {
  return { reversePath, recipients: [], body, smtputf8, ret, envid }
}

/** The envelope with another recipient. A repeated one keeps its position and takes the later parameters. */
export function withRecipient(envelope: Envelope, recipient: EnvelopeRecipient): Envelope {
  const { recipients } = envelope
  const isThere = recipients.some(({ key }) => key === recipient.key)
  return {
    ...envelope,
    recipients: isThere
      ? recipients.map((each) => (each.key === recipient.key ? recipient : each))
      : [...recipients, recipient],
  }
}
