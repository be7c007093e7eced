// eslint-disable-next-line @typescript-eslint/triple-slash-reference -- other packages compile these files too, and see no other declarations
/// <reference path="./mailauth.d.ts" />
export { BodyHash } from './body-hash.ts'
export { keySteps, type KeyFacts, type KeySighting, type KeyStep } from './key-life.ts'
export {
  createSigningKey,
  keyRecord,
  matchRecord,
  quotedTxt,
  txtStrings,
  type NewKey,
  type RecordMatch,
  type SigningAlgorithm,
} from './keys.ts'
export { decidePolicy, type DmarcOverride, type PolicyDecision, type PolicySettings } from './policy.ts'
export { formatResults, isForeignResult } from './results.ts'
export { sealHeader, type SealOptions } from './seal.ts'
export { sign, signHeader, type SignOptions } from './sign.ts'
export { checkSpf } from './spf.ts'
export type { SigningKey } from './signature.ts'
export { type CheckSummary, summarizeChecks } from './summary.ts'
export type * from './types.ts'
export { verify, VERIFY_START } from './verify.ts'
