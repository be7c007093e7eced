export { type Fit, fitMessage, type MessageNeeds, needsSmtpUtf8, type Offers } from './capability.ts'
export { failures, type LocalFailure } from './failure.ts'
export * from './mx/index.ts'
export {
  afterRecipients,
  concludePlan,
  localRefusal,
  type PlanFacts,
  type PlanOutcome,
  type RecipientFacts,
  type RecipientResult,
  type Refusal,
  refusalOf,
  resultOf,
  type SessionBreak,
  type SessionFacts,
  sessionOutcome,
  type SessionOutcome,
  type SessionStage,
  settle,
  type Settlement,
  type SiteSignal,
} from './outcome/index.ts'
export { type Provider, type ProviderId, providerOf, providerOfHost } from './providers.ts'
export { remoteReply } from './remote-reply.ts'
export type { Random } from './random.ts'
export { connectionReuse, type ConnectionReuse, type Site, siteOfHosts, siteOfRoute } from './site.ts'
export {
  BOUNCE_LIFETIME_HOURS,
  type DelayQuestion,
  expiryOf,
  type FinalQuestion,
  isDelayNoticeDue,
  isProvenFinal,
  type LifetimeQuestion,
  nextAttempt,
  type RetryDecision,
  retryHint,
  type RetryQuestion,
} from './schedule/index.ts'
