export { openLookups, type MessageLookups } from './budget.ts'
export { isDnsName } from './name.ts'
export { LookupError, type LookupCode, type NodeLookup } from './node-style.ts'
export { createResolver, type ResolverLimits, type ResolverOptions } from './resolver.ts'
export type {
  Answer,
  Found,
  Missing,
  QueryOptions,
  RecordData,
  RecordType,
  Resolver,
  Temporary,
  TemporaryCause,
} from './types.ts'
