import ipaddr from 'ipaddr.js'
import { bareName } from './names.ts'
import type { ServerFacts } from './types.ts'

/** RFC 7208 §4.6.4: look-ups that one check may cost. */
export const MAX_SPF_LOOKUPS = 10
/** RFC 7208 §4.6.4: terms that cost a look-up. */
const COSTLY = /^[-+?~]?(?:include|a|mx|ptr|exists)(?:[:/]|$)|^redirect=/i
/** RFC 7208 §5.1, §6.1: what comes after these has no effect, or they have none before what comes before. */
const LAST = /^(?:[-+?~]?all$|redirect=)/i

/** The SPF records among TXT records (RFC 7208 §4.5). */
export function spfRecords(texts: readonly string[]): string[] {
  return texts.filter((text) => /^v=spf1(?: |$)/i.test(text))
}

/** The terms of a record, without its version. */
const termsOf = (record: string): string[] =>
  record
    .split(/ +/)
    .slice(1)
    .filter((term) => term !== '')

/** Whether a record says by itself that our server may send: by its name, its addresses, or as one that receives for the domain. */
export function allowsServer(record: string, server: ServerFacts, isMx: boolean): boolean {
  const terms = termsOf(record)
  const last = terms.findIndex((term) => LAST.test(term))
  const counted = (last === -1 ? terms : terms.slice(0, last)).map((term) => term.replace(/^\+/, '').toLowerCase())
  const own = counted.some((term) => {
    const [mechanism, target = server.domain] = term.split(':', 2)
    if (mechanism === 'a') return bareName(target) === bareName(server.hostname)
    return mechanism === 'mx' && isMx && bareName(target) === bareName(server.domain)
  })
  const { addresses } = server
  return own || (addresses.length > 0 && addresses.every((address) => counted.some((term) => covers(term, address))))
}

/** Whether an `ip4` or `ip6` term has an address (RFC 7208 §5.6). */
function covers(term: string, address: string): boolean {
  const network = /^ip[46]:(.+)$/.exec(term)?.[1]
  if (network === undefined) return false
  const cidr = network.includes('/') ? network : `${network}/${network.includes(':') ? 128 : 32}`
  if (!ipaddr.isValidCIDR(cidr) || !ipaddr.isValid(address)) return false
  const [base, bits] = ipaddr.parseCIDR(cidr)
  const parsed = ipaddr.parse(address)
  return parsed.kind() === base.kind() && parsed.match(base, bits)
}

/** The record to publish: a new one, or the one that is there with our server in it. */
export interface MergedSpf {
  readonly value: string
  /** What whoever publishes it must know. */
  readonly note: string | null
}

/**
 * Adds our server to what a domain publishes already, before the term that decides about all others.
 * @param texts the TXT records of the domain
 * @param lookups what a check of the first SPF record costs now
 */
export function mergeSpf(texts: readonly string[], server: ServerFacts, isMx: boolean, lookups: number): MergedSpf {
  const [record, ...more] = spfRecords(texts)
  const fresh = `v=spf1 mx a:${server.hostname} -all`
  if (record === undefined) return { value: fresh, note: null }
  // RFC 7208 §4.6.1: a record has printable ASCII alone, and so no line that could end a zone file's.
  if (!/^[\x20-\x7e]*$/.test(record)) return { value: fresh, note: 'The present SPF record has invalid characters.' }
  const several = more.length > 0 ? 'There are several SPF records; only one may stay.' : null
  if (allowsServer(record, server, isMx)) return { value: record, note: several ?? costNote(lookups) }
  const byName = lookups < MAX_SPF_LOOKUPS || server.addresses.length === 0
  const terms = byName ? [`a:${server.hostname}`] : server.addresses.map(addressTerm)
  const present = termsOf(record)
  const last = present.findIndex((term) => LAST.test(term))
  const at = last === -1 ? present.length : last
  const value = ['v=spf1', ...present.slice(0, at), ...terms, ...present.slice(at)].join(' ')
  return { value, note: several ?? costNote(lookups + (byName ? 1 : 0)) }
}

const addressTerm = (address: string): string => `${address.includes(':') ? 'ip6' : 'ip4'}:${address}`

function costNote(lookups: number): string | null {
  if (lookups <= MAX_SPF_LOOKUPS) return null
  return `Checking this SPF record takes more than ${MAX_SPF_LOOKUPS} look-ups, so it is void; remove some of its terms.`
}

/**
 * How many look-ups a check of a record costs at most, those of included records too; counts no further than one too many.
 * @param findRecord the SPF record of a name; null when there is none, or DNS does not tell
 */
export async function countSpfLookups(
  record: string,
  findRecord: (name: string) => Promise<string | null>,
): Promise<number> {
  let count = 0
  const visit = async (text: string): Promise<void> => {
    for (const term of termsOf(text)) {
      if (count > MAX_SPF_LOOKUPS) return
      if (!COSTLY.test(term)) continue
      count += 1
      const target = /^[-+~?]?include:(.+)$|^redirect=(.+)$/i.exec(term)
      const name = target?.[1] ?? target?.[2]
      // What a macro becomes is not known before somebody sends mail (RFC 7208 §7).
      const included = name === undefined || name.includes('%') ? null : await findRecord(name)
      if (included !== null) await visit(included)
    }
  }
  await visit(record)
  return count
}
