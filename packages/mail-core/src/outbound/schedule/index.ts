export { retryHint } from './hint.ts'
export {
  BOUNCE_LIFETIME_HOURS,
  type DelayQuestion,
  expiryOf,
  type FinalQuestion,
  isDelayNoticeDue,
  isProvenFinal,
  type LifetimeQuestion,
} from './lifetime.ts'
export { nextAttempt, type RetryDecision, type RetryQuestion } from './retry.ts'
