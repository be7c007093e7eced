/**
 * The decisions of delivery, in the order of an attempt. None of them waits, or knows a clock or chance.
 * - who goes together: `planBatches`; where to: `mailHosts`, `planAddresses`, which `siteOfHosts` names
 * - whether now, from which address: `chooseSource`, `admit`, `started`; which host: `nextAddress`
 * - with which TLS: `stsStep`, `tlsDecision`, `tlsStep`; in what form: `fitMessage`
 * - what the host says, and means: `remoteReply`, `afterRecipients`, `sessionOutcome`, `concludePlan`
 * - what is written down: `settle`; what is remembered of the site: `afterSession`, `afterPlan`, `afterTlsSession`
 */
export { type BatchItem, MAX_BATCH, planBatches } from './batch.ts'
export { type Fit, fitMessage, type MessageNeeds, needsSmtpUtf8, type Offers } from './capability.ts'
export { failures, type LocalFailure } from './failure.ts'
export {
  type AddressQuestion,
  type AddressTry,
  type DnsAnswer,
  type Family,
  type HostAddresses,
  type HostDecision,
  type HostQuestion,
  type LiteralQuestion,
  mailHosts,
  type MailHost,
  MAX_ADDRESSES,
  MAX_SESSIONS,
  type MxRecord,
  namedHost,
  nextAddress,
  planAddresses,
  type PlanDecision,
  planLiteral,
  type PlannedAddress,
  type PlanNote,
  type RouteFamily,
} from './mx/index.ts'
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
export { connectionReuse, type ConnectionReuse, PROVIDER_SITE, type Site, siteOfHosts, siteOfRoute } from './site.ts'
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
export {
  certificateResult,
  policyTypeOf,
  TLS_RPT_RESULTS,
  tlsRptAddresses,
  tlsRptKey,
  type TlsRptKey,
  type TlsRptPolicyType,
  type TlsRptResult,
  type TlsRptSession,
} from './tls-rpt/index.ts'
