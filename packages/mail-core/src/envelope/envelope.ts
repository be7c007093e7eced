import type { AddressKey, ForwardPath, ReversePath } from '../address/index.ts'
import type { MailParams, RcptParams } from '../smtp/index.ts'

/** One recipient of an envelope, with what its sender wants to hear of it (RFC 3461 §4.1, §4.2). */
export interface EnvelopeRecipient extends RcptParams {
  /** What it is known by: two ways of writing an address are one recipient. */
  readonly key: AddressKey
  /** The path as given in RCPT. */
  readonly path: ForwardPath
}

/** Who sends a message to whom, apart from what its header says (RFC 5321 §2.3.1), and how it wants to be carried. */
export interface Envelope extends Omit<MailParams, 'size'> {
  readonly reversePath: ReversePath
  /** In the order given, each once. */
  readonly recipients: readonly EnvelopeRecipient[]
}

/** The envelope that MAIL opens (RFC 5321 §3.3); nobody gets it yet. */
export function openEnvelope(reversePath: ReversePath, { body, smtputf8, ret, envid }: MailParams): Envelope {
  return { reversePath, recipients: [], body, smtputf8, ret, envid }
}

/** The envelope with one recipient more. Who is there already keeps the place, and counts as said last. */
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
