import type { Address } from '@mairust/mail-core/address'
import { composeSubmission, MAX_SUBMITTED_HEADER, type SubmissionTools } from '@mairust/mail-core/message'
import { replies, type SmtpReply } from '@mairust/mail-core/smtp'
import type { Unsigned } from './signer.ts'
import { type Part, readStart, sizeOf, slice } from './part.ts'

/** Longest line of a submitted message, in bytes without CRLF (RFC 5321 §4.5.3.1.6). */
export const MAX_SUBMITTED_LINE = 998

/** A message as submitted by a user. */
export interface Submission {
  readonly body: Part
  /** Bytes of the header including the empty line. */
  readonly headerSize: number
}

/** What a signature of the author's domain covers. */
export interface UnsignedParts extends Pick<Unsigned, 'domain' | 'header'> {
  readonly body: Part
}

/** Why a message is refused. */
export interface SubmissionRefusal {
  readonly reply: SmtpReply
  readonly reason: string
}

/** The message to store, or why it is refused. `unsigned`: null when it is not our user's. */
export type PreparedSubmission =
  | {
      readonly parts: readonly Part[]
      readonly unsigned: UnsignedParts | null
      /** The Bcc fields that were removed. */
      readonly blind: readonly Buffer[]
    }
  | SubmissionRefusal

/**
 * Prepares a user's message for storage and relay with `composeSubmission` of mail-core. `owns` must confirm that every author and
 * sender it names is the user.
 */
export async function prepareSubmission(
  { body, headerSize }: Submission,
  tools: SubmissionTools & { readonly owns: (author: Address) => Promise<boolean> },
): Promise<PreparedSubmission> {
  if (headerSize > MAX_SUBMITTED_HEADER) return { reply: replies.badHeader, reason: 'header_too_large' }
  const composed = composeSubmission(await readStart(body, headerSize), tools)
  if (composed.kind === 'refuse') return composed
  for (const author of composed.authors) {
    if (!(await tools.owns(author))) return { reply: replies.fromNotOwned, reason: 'from_not_owned' }
  }
  const [{ domain }] = composed.authors
  const unsigned = { domain, header: Buffer.concat(composed.header), body: slice(body, headerSize, sizeOf(body)) }
  return { parts: [unsigned.header, unsigned.body], unsigned, blind: composed.blind }
}
