import type { BounceAction, BounceClass, BounceScope } from './classes.ts'

export { BOUNCE_CLASSES, type BounceAction, type BounceClass, type BounceScope } from './classes.ts'

/** The row of a class in the bounce table. */
export interface BounceRow {
  readonly scope: BounceScope
  /** For an answer that a 4yz or 5yz does not decide otherwise. */
  readonly action: BounceAction
}

/** The bounce table: what each class is about, and what is done. `explain` has the words. */
export const BOUNCE_TABLE: Readonly<Record<BounceClass, BounceRow>> = {
  recipient_unknown: { scope: 'recipient', action: 'suppress' },
  recipient_disabled: { scope: 'recipient', action: 'suppress' },
  recipient_moved: { scope: 'recipient', action: 'suppress' },
  mailbox_full: { scope: 'recipient', action: 'retry' },
  domain_invalid: { scope: 'destination', action: 'bounce' },
  no_answer: { scope: 'destination', action: 'retry' },
  dns_failure: { scope: 'destination', action: 'retry' },
  tls_failure: { scope: 'destination', action: 'retry' },
  rate_limited: { scope: 'source_ip', action: 'slow_site' },
  greylisted: { scope: 'source_ip', action: 'retry' },
  reputation_ip: { scope: 'source_ip', action: 'pause_source' },
  reputation_domain: { scope: 'sender_domain', action: 'bounce' },
  auth_required: { scope: 'sender_domain', action: 'bounce' },
  content_spam: { scope: 'message', action: 'bounce' },
  content_virus_or_attachment: { scope: 'message', action: 'bounce' },
  too_large: { scope: 'message', action: 'bounce' },
  policy: { scope: 'message', action: 'bounce' },
  protocol: { scope: 'message', action: 'bounce' },
  sender_invalid: { scope: 'sender_domain', action: 'bounce' },
  relay_denied: { scope: 'destination', action: 'bounce' },
  expired: { scope: 'destination', action: 'bounce' },
  unknown: { scope: 'message', action: 'bounce' },
}
