export { compareRecord, type Comparing } from './compare.ts'
export { expectedRecords, type DomainFacts } from './expected.ts'
export { mtaStsPolicy } from './mta-sts.ts'
export { bareName } from './names.ts'
export { checkSender, overallVerdict, type RuleCheck, type RuleVerdict, type SenderFacts } from './sender-rules.ts'
export { allowsServer, countSpfLookups, MAX_SPF_LOOKUPS, mergeSpf, type MergedSpf, spfRecords } from './spf.ts'
export {
  type ExpectedRecord,
  type FoundValues,
  type RecordPurpose,
  type RecordStatus,
  type SenderRule,
  type ServerFacts,
} from './types.ts'
export { zoneText } from './zone.ts'
