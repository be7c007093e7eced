/** The answer to one DNS question, as a plan needs it. */
export type DnsAnswer<Entry> =
  | {
      readonly kind: 'found'
      readonly records: readonly Entry[]
      /** The name at the end of the aliases that led from the name asked for, if there were any. */
      readonly cname?: string
    }
  /** NXDOMAIN. */
  | { readonly kind: 'no_such_name' }
  /** The name exists, but has no such record. */
  | { readonly kind: 'no_data' }
  /** SERVFAIL, time-out, refused, bogus: we do not know (RFC 5321 §5.1: never a permanent failure). */
  | { readonly kind: 'temporary'; readonly cause: string }

/** One MX record (RFC 1035 §3.3.9). */
export interface MxRecord {
  readonly preference: number
  readonly exchange: string
}

/** A host name as it is compared: lower case, without the final dot. */
export function hostKey(name: string): string {
  const key = name.toLowerCase()
  return key.endsWith('.') ? key.slice(0, -1) : key
}
