import type { Address } from '@mairust/mail-core/address'
import { composeSubmission, MAX_SUBMITTED_HEADER, type SubmissionTools } from '@mairust/mail-core/message'
import { replies, type SmtpReply } from '@mairust/mail-core/smtp'
import { type Part, readStart, sizeOf, slice } from './part.ts'

/** A message as submitted by a user. */
export interface Submission {
  readonly body: Part
  /** Bytes of the header including the empty line. */
  readonly headerSize: number
}

/** The message to store, or why it is refused. */
export type PreparedSubmission =
  { readonly parts: readonly Part[] } | { readonly reply: SmtpReply; readonly reason: string }

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
  return { parts: [...composed.header, slice(body, headerSize, sizeOf(body))] }
}
