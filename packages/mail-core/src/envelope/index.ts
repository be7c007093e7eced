import type { ForwardPath, ReversePath } from '../address/index.ts'
import { addressKey, formatPath, needsUtf8 } from '../address/index.ts'
import type { MailParams, RcptParams } from '../smtp/params.ts'

/** One accepted RCPT. */
export interface EnvelopeRecipient {
  /** The path as the client wrote it, without angle brackets. */
  readonly original: string
  readonly path: ForwardPath
  readonly params: RcptParams
}

/** One SMTP transaction's envelope (RFC 5321 §2.3.1). */
export interface Envelope {
  readonly reversePath: ReversePath
  readonly params: MailParams
  readonly recipients: readonly EnvelopeRecipient[]
}

/** An envelope without recipients yet. */
export function openEnvelope(reversePath: ReversePath, params: MailParams): Envelope {
  return { reversePath, params, recipients: [] }
}

/** The key by which two recipients are the same one. */
export function pathKey(path: ForwardPath): string {
  return path === 'postmaster' ? path : addressKey(path)
}

/** The envelope with that recipient; one given twice is kept once, with its latest parameters. */
export function addRecipient(envelope: Envelope, recipient: EnvelopeRecipient): Envelope {
  const key = pathKey(recipient.path)
  const others = envelope.recipients.filter((other) => pathKey(other.path) !== key)
  return { ...envelope, recipients: [...others, recipient] }
}

/** The sender and recipients as texts, for a row, a journey or a hook; the null sender is ''. */
export function envelopeTexts(envelope: Envelope): { from: string; to: string[] } {
  return { from: formatPath(envelope.reversePath), to: envelope.recipients.map(({ path }) => formatPath(path)) }
}

/** True when an address of the envelope cannot travel without SMTPUTF8 (RFC 6531 §3.1). */
export function envelopeNeedsUtf8(envelope: Envelope): boolean {
  const paths = [envelope.reversePath, ...envelope.recipients.map(({ path }) => path)]
  return paths.some((path) => path !== null && path !== 'postmaster' && needsUtf8(path))
}
