export { afterFetch, needsRefresh, type StsEntry, type StsQuestion, type StsStep, stsStep, unexpired } from './cache.ts'
export { type StsVerdict, stsVerdict } from './decide.ts'
export {
  isInPolicy,
  MAX_POLICY_BYTES,
  parseStsPolicy,
  type StsMode,
  type StsParsed,
  type StsPolicy,
  type StsProblem,
} from './policy.ts'
export { stsRecordId } from './text.ts'
