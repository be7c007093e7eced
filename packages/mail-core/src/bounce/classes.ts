/** Why mail was not taken: the classes of the bounce table. */
export const BOUNCE_CLASSES = [
  'recipient_unknown',
  'recipient_disabled',
  'recipient_moved',
  'mailbox_full',
  'domain_invalid',
  'no_answer',
  'dns_failure',
  'tls_failure',
  'rate_limited',
  'greylisted',
  'reputation_ip',
  'reputation_domain',
  'auth_required',
  'content_spam',
  'content_virus_or_attachment',
  'too_large',
  'policy',
  'protocol',
  'sender_invalid',
  'relay_denied',
  'expired',
  'unknown',
] as const
export type BounceClass = (typeof BOUNCE_CLASSES)[number]

/** Whether a stored word is a class. */
export const isBounceClass = (word: string): word is BounceClass => BOUNCE_CLASSES.some((each) => each === word)

/** Whom or what the answer is about: what would have to change for the same mail to be taken. */
export type BounceScope = 'recipient' | 'message' | 'sender_domain' | 'source_ip' | 'destination'

/**
 * What is done about it.
 * - `retry`: try again by the schedule. - `slow_site`: send less to the site for a while. - `pause_source`: send nothing from this
 *   address to the provider for a while. - `bounce`: give the mail back. - `suppress`: give it back and remember the recipient.
 */
export type BounceAction = 'retry' | 'slow_site' | 'pause_source' | 'bounce' | 'suppress'

/** Words for people who do not run mail servers. */
export interface Explanation {
  readonly happened: string
  readonly todo: string
}
