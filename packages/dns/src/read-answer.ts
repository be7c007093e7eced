import type { Answer as Record, DecodedPacket } from 'dns-packet'
import { nameKey } from './name.ts'
import { readRecord } from './records.ts'
import type { RecordData, RecordType } from './types.ts'
import { type Question, RCODE } from './wire.ts'

/**
 * What one response says. `alias`: the name is an alias of `target`, and the response does not say what the target has. `ttl`: null
 * when it must not be kept.
 */
export type Reading<T extends RecordType> =
  | { readonly kind: 'found'; readonly records: readonly RecordData[T][]; readonly ttl: number; readonly name: string }
  | { readonly kind: 'no_such_name' | 'no_data'; readonly ttl: number | null; readonly name: string }
  | { readonly kind: 'alias'; readonly target: string; readonly ttl: number }
  | { readonly kind: 'servfail' | 'refused' | 'malformed' | 'chain_too_long' }

/** Aliases followed for one question. RFC 1034 sets no limit; resolvers stop between 8 and 16. */
export const MAX_ALIASES = 8

/** Reads a response to a question about `name`, following aliases within it. */
export function readAnswer<T extends RecordType>(
  packet: DecodedPacket,
  rcode: number,
  { name: asked, type }: Question & { readonly type: T },
): Reading<T> {
  if (rcode !== RCODE.noError && rcode !== RCODE.nxDomain)
    return { kind: rcode === RCODE.refused ? 'refused' : 'servfail' }
  const answers = packet.answers ?? []
  let name = asked
  let ttl = Infinity
  for (let step = 0; step <= MAX_ALIASES; step += 1) {
    const own = recordsOf(answers, name, type)
    if (own.length > 0) return found(own, type, ttl, name)
    const [alias] = recordsOf(answers, name, 'CNAME')
    const target = alias && readRecord(alias, 'CNAME')
    if (alias === undefined || target === undefined)
      return withoutRecords(packet, rcode, { name, ttl, isAlias: step > 0 })
    ttl = Math.min(ttl, ttlOf(alias))
    name = target
  }
  return { kind: 'chain_too_long' }
}

function found<T extends RecordType>(own: readonly Record[], type: T, ttl: number, name: string): Reading<T> {
  const records = own.map((record) => readRecord(record, type)).filter((data) => data !== undefined)
  if (records.length < own.length) return { kind: 'malformed' }
  return { kind: 'found', records, ttl: own.reduce((least, record) => Math.min(least, ttlOf(record)), ttl), name }
}

interface Place {
  readonly name: string
  readonly ttl: number
  readonly isAlias: boolean
}

/** RFC 2308 §2; the code of a response that follows an alias is about its last name (RFC 6604 §3). */
function withoutRecords(packet: DecodedPacket, rcode: number, { name, ttl, isAlias }: Place): Reading<never> {
  const authorities = packet.authorities ?? []
  const soa = authorities.find((record) => record.type === 'SOA' && isWithin(name, record.name))
  // RFC 2308 §5: kept for the SOA's own time or its minimum, whichever is less, and not without one.
  const kept = soa?.type === 'SOA' ? Math.min(ttl, ttlOf(soa), soa.data.minimum ?? 0) : null
  if (rcode === RCODE.nxDomain) return { kind: 'no_such_name', ttl: kept, name }
  if (kept === null && isAlias) return { kind: 'alias', target: name, ttl }
  // A server that does not know the zone refers to others: it has said nothing about the name.
  if (kept === null && authorities.some(({ type }) => type === 'NS')) return { kind: 'malformed' }
  return { kind: 'no_data', ttl: kept, name }
}

function recordsOf(records: readonly Record[], name: string, type: RecordType): Record[] {
  return records.filter(
    (record) => record.type === type && record.class === 'IN' && nameKey(record.name) === nameKey(name),
  )
}

function isWithin(name: string, zone: string): boolean {
  const key = nameKey(zone)
  return key === '' || nameKey(name) === key || nameKey(name).endsWith(`.${key}`)
}

/** RFC 2181 §8: a time with the highest bit set counts as none. */
function ttlOf(record: Record): number {
  const ttl = 'ttl' in record ? (record.ttl ?? 0) : 0
  return ttl > 0x7fffffff ? 0 : ttl
}
