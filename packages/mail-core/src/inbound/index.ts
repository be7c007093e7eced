export { chooseEvicted, type Judgement, type Newcomer, type Standing } from './eviction.ts'
export { decideDeadline, SESSION_DEADLINES } from './deadline.ts'
export type { DeadlineReason, SessionClock } from './deadline.ts'
export type { AddressFacts, AliasFacts, Directory, DomainFacts, MailboxFacts } from './directory.ts'
export { evaluateData } from './evaluate.ts'
export type { DataQuestion, DataRefusal } from './evaluate.ts'
export {
  decideAuthFailures,
  decideConnection,
  decideRecipientCount,
  decideRefusals,
  decideSize,
  type UnknownRecipients,
  decideUnknownRecipients,
  MAX_AUTH_FAILURES,
  MAX_REFUSED_TRANSACTIONS,
  UNKNOWN_RECIPIENT_LIMITS,
} from './limits.ts'
export type { ConnectionCounts, ConnectionDecision, ConnectionLimits, ConnectionRefusal, Refusals } from './limits.ts'
export { clientKey, clientNetwork, inNetworks, isIp, canonicalIp } from './network.ts'
export { openDirectory } from './open-directory.ts'
export { checkQuota, quotaAtCommit, quotaOfCopies } from './quota.ts'
export type { QuotaVerdict } from './quota.ts'
export { mailboxesBehind, ownerRolesBehind, type Reached } from './reached.ts'
export { resolveRecipient } from './recipient.ts'
export type { RecipientQuestion } from './recipient.ts'
export { maySendAs } from './sender.ts'
export type { SenderQuestion } from './sender.ts'
export type { Decision, LocalDelivery, RecipientDecision, RecipientRefusal, SkippedTarget } from './types.ts'
