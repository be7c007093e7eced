/**
 * The decisions of delivery, in the order of an attempt: `planBatches` who goes together; `mailHosts` and `planAddresses` where to, which
 * `siteOfHosts` names, `familyNow` by which addresses; `chooseSource`, `admit` and `started` whether now; `nextAddress` which host; `stsStep`, `tlsDecision` and `tlsStep`
 * with which TLS; `fitMessage` in what form; `remoteReply` what the host says; `sessionOutcome` and `concludePlan` what it means; `settle`
 * what is written down; `afterSession` and `afterPlan` what is remembered of the site. None of them waits, or knows a clock or chance.
 */
export { type BatchItem, MAX_BATCH, planBatches } from './batch.ts'
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
export {
  type Admission,
  admit,
  type AdmitQuestion,
  afterPlan,
  afterSession,
  chooseSource,
  currentThrottles,
  type DeadSite,
  familyNow,
  type Feedback,
  type FeedbackContext,
  lifted,
  limitsNow,
  newSite,
  settingsOfNode,
  shareOf,
  type SiteLimits,
  type SiteSettings,
  type SiteState,
  type SourceChoice,
  started,
  type Throttle,
} from './throttle/index.ts'
export {
  afterHandshakeFailure,
  afterTlsSession,
  type DaneFacts,
  isClearRemembered,
  mayAuthenticate,
  NO_TLS_MEMORY,
  type RouteTls,
  TLS_LEVELS,
  type TlsDecision,
  tlsDecision,
  type TlsDemand,
  type TlsFacts,
  type TlsLevel,
  type TlsMemory,
  type TlsQuestion,
  type TlsStep,
  tlsStep,
} from './tls/index.ts'
export {
  afterFetch,
  isInPolicy,
  MAX_POLICY_BYTES,
  needsRefresh,
  parseStsPolicy,
  type StsEntry,
  type StsMode,
  type StsParsed,
  type StsPolicy,
  type StsProblem,
  type StsQuestion,
  stsRecordId,
  type StsStep,
  stsStep,
  type StsVerdict,
  stsVerdict,
  unexpired,
} from './mta-sts/index.ts'
