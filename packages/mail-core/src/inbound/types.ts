import type { Address } from '../address/index.ts'
import type { SmtpReply } from '../smtp/reply.ts'
import type { MailboxFacts } from './directory.ts'

/** Why a recipient is refused. */
export type RecipientRefusal =
  | 'relay_syntax'
  | 'address_literal'
  | 'foreign_domain'
  | 'not_set_up'
  | 'pending_domain'
  | 'suspended_domain'
  | 'unknown'
  | 'alias_disabled'
  | 'alias_loop'
  | 'alias_too_large'
  | 'mailbox_suspended'
  | 'mailbox_full'
  | 'exceeds_quota'

/** A mailbox that gets the message. */
export interface LocalDelivery {
  readonly mailbox: MailboxFacts
  /** Keys of the aliases that led here, outermost first; empty for the mailbox's own address. */
  readonly via: readonly string[]
  /** The `tag` of `user+tag`, or null. */
  readonly tag: string | null
}

/** An alias target that does not get the message. */
export interface SkippedTarget {
  readonly address: string
  readonly reason: RecipientRefusal
}

export type RecipientDecision = (
  | {
      readonly kind: 'accept'
      readonly tenantId: string
      readonly deliveries: readonly LocalDelivery[]
      /** Targets outside this tenant. The caller refuses the recipient while there is no outbound delivery. */
      readonly external: readonly Address[]
      readonly skipped: readonly SkippedTarget[]
      /** The address of ours of which the recipient is a spelling, such as a subaddress; a catch-all's for what it takes. */
      readonly meant: string
    }
  | {
      readonly kind: 'refuse'
      readonly reason: RecipientRefusal
      readonly reply: SmtpReply
      readonly tenantId: string | null
    }
) & {
  /** The names of the roles of those who own a mailbox that it leads to, also one that gets no mail now. */
  readonly ownerRoles: readonly string[]
}

/** Acceptance, or a refusal with its reason and reply. */
export type Decision<Reason extends string> =
  { readonly kind: 'accept' } | { readonly kind: 'refuse'; readonly reason: Reason; readonly reply: SmtpReply }
