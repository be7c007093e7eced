export { BodyHash } from './body-hash.ts'
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
export type { SigningKey } from './signature.ts'
export type * from './types.ts'
export { verify } from './verify.ts'
