export {
  type AddressQuestion,
  type HostAddresses,
  planAddresses,
  type PlanDecision,
  type PlannedAddress,
  type PlanNote,
} from './addresses.ts'
export type { DnsAnswer, MxRecord } from './dns.ts'
export { type Family, MAX_ADDRESSES, type RouteFamily } from './families.ts'
export { type HostDecision, type HostQuestion, mailHosts, type MailHost, namedHost } from './hosts.ts'
export { planLiteral, type LiteralQuestion } from './literal.ts'
export { type AddressTry, MAX_SESSIONS, nextAddress } from './walk.ts'
