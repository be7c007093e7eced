export { startDnsServer, type DnsQuery, type DnsReply, type DnsScript, type ScriptedDnsServer } from './server.ts'
export { answerFrom, record, soa, type Zones } from './zones.ts'
