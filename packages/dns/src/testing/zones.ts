import type { Answer } from 'dns-packet'
import type { DnsQuery, DnsReply } from './server.ts'

/** Records of a name server, by `name TYPE`. A name without any does not exist. */
export type Zones = Readonly<Record<string, readonly (string | Record<string, unknown>)[]>>

const TTL = 300

/** Answers from a table of records, with the SOA that makes negative answers cacheable. */
export function answerFrom(zones: Zones): (query: DnsQuery) => DnsReply {
  const records = new Map(Object.entries(zones).map(([key, data]) => [key.toLowerCase(), data]))
  const names = new Set([...records.keys()].map((key) => key.split(' ')[0]))
  return ({ name, type }) => {
    const lower = name.toLowerCase()
    const found = records.get(`${lower} ${type.toLowerCase()}`)
    if (found !== undefined) return { answers: found.map((data) => record(name, type, data)) }
    const [alias] = records.get(`${lower} cname`) ?? []
    if (alias !== undefined) return { answers: [record(name, 'CNAME', alias)] }
    return { rcode: names.has(lower) ? 0 : 3, authorities: [soa(lower)] }
  }
}

/** The SOA record in a negative answer. */
export function soa(zone: string, { ttl = TTL, minimum = 60 } = {}): Answer {
  return { type: 'SOA', name: zone, ttl, class: 'IN', data: { mname: 'ns.example', rname: 'root.example', minimum } }
}

/** A record. The data must be of the type's form, as dns-packet wants it. */
export function record(name: string, type: string, data: unknown, ttl = TTL): Answer {
  return { name, type, ttl, class: 'IN', data } as Answer
}
