import type { SmtpReply } from '../smtp/reply.ts'
import { replies } from '../smtp/replies.ts'
import type { DomainFacts, MailboxFacts } from './directory.ts'
import { checkQuota } from './quota.ts'
import type { RecipientDecision, RecipientRefusal } from './types.ts'

const REFUSALS: Readonly<Record<RecipientRefusal, SmtpReply>> = {
  relay_syntax: replies.relayDenied,
  address_literal: replies.relayDenied,
  foreign_domain: replies.foreignDomain,
  not_set_up: replies.notSetUp,
  pending_domain: replies.pendingDomain,
  suspended_domain: replies.suspendedDomain,
  unknown: replies.unknownRecipient,
  alias_disabled: replies.unknownRecipient,
  alias_loop: replies.aliasLoop,
  alias_too_large: replies.aliasTooLarge,
  mailbox_suspended: replies.mailboxSuspended,
  mailbox_full: replies.mailboxFull,
  exceeds_quota: replies.exceedsQuota,
}

/** The decision that refuses a recipient for this reason. */
export function refuse(
  reason: RecipientRefusal,
  tenantId: string | null,
  ownerRoles: readonly string[] = [],
): RecipientDecision {
  return { kind: 'refuse', reason, reply: REFUSALS[reason], tenantId, ownerRoles }
}

/** Why a mailbox takes no message of this size (null: unknown), or null. */
export function mailboxProblem(mailbox: MailboxFacts, size: number | null): RecipientRefusal | null {
  if (mailbox.suspended) return 'mailbox_suspended'
  const quota = checkQuota(mailbox, size)
  if (quota === 'fits') return null
  return quota === 'full' ? 'mailbox_full' : 'exceeds_quota'
}

/** Why a domain takes no mail, or null. */
export function closedDomain(domain: DomainFacts | null): RecipientRefusal | null {
  if (domain === null || domain.status === 'active') return null
  return domain.status === 'pending' ? 'pending_domain' : 'suspended_domain'
}
