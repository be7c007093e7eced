export const RECORD_PURPOSES = [
  'verification',
  'mx',
  'spf',
  'dkim',
  'dmarc',
  'mta_sts',
  'mta_sts_host',
  'tls_rpt',
  'ptr',
] as const
/** What a record is for. */
export type RecordPurpose = (typeof RECORD_PURPOSES)[number]

/** A record that a domain is to publish. */
export interface ExpectedRecord {
  readonly purpose: RecordPurpose
  readonly type: 'TXT' | 'MX' | 'CNAME' | 'PTR'
  /** Without the root's dot. */
  readonly name: string
  /** As in a zone file, but TXT without quotes and in one piece. */
  readonly value: string
  /** Seconds. */
  readonly ttl: number
  /** Whether mail suffers without it. */
  readonly required: boolean
}

/** What DNS has at a name, each value in the form of `ExpectedRecord`; `trouble`: it says nothing for now. */
export type FoundValues = { readonly kind: 'values'; readonly values: readonly string[] } | { readonly kind: 'trouble' }

/** `different`: there is another record than the expected one. `error`: DNS says nothing for now. */
export type RecordStatus = 'ok' | 'missing' | 'different' | 'error'

/** What of our server decides which records are right. */
export interface ServerFacts {
  /** The domain that the records are for, in A-labels. */
  readonly domain: string
  /** `server.hostname`. */
  readonly hostname: string
  /** Addresses of that name, as DNS has them; empty when that is not known. */
  readonly addresses: readonly string[]
}

/** What the big providers demand of those who send to them. */
export const SENDER_RULES = ['spf', 'dkim', 'dkim_key', 'dmarc', 'alignment', 'ptr', 'tls', 'own_domain'] as const
export type SenderRule = (typeof SENDER_RULES)[number]
