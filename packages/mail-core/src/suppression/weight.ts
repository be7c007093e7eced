import { BOUNCE_TABLE, type BounceClass } from '../bounce/index.ts'

/** Soft failures in a row, without mail that arrived between, after which an address is suppressed. */
export const SOFT_IN_A_ROW = 3
/** Days after which an address that failed softly is tried again: mailboxes are emptied, domains come back. */
export const SOFT_DAYS = 30

/** What the end of a message says of its recipient: that nobody is there, that it may not be worth trying, or nothing. */
export type FailureWeight = 'hard' | 'soft' | 'none'

/** How much the class with which a message ended counts against its recipient. What is about the message or us does not. */
export function weightOf(cls: BounceClass): FailureWeight {
  const { action, scope } = BOUNCE_TABLE[cls]
  if (action === 'suppress') return 'hard'
  return cls !== 'relay_denied' && (scope === 'recipient' || scope === 'destination') ? 'soft' : 'none'
}
