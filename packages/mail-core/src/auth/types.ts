/** Asks DNS as Node's `dns.resolve` does, with its record forms and error codes; `openLookups` of `@mairust/dns` makes them. */
export type Lookup = (name: string, type: string) => Promise<unknown>

/** A look-up function for each check, as each has a budget of its own. */
export interface Lookups {
  readonly spf: Lookup
  /** For DKIM and ARC. */
  readonly dkim: Lookup
  readonly dmarc: Lookup
}

/** What the SMTP session says about a message. */
export interface AuthSession {
  /** The client's IP address. */
  readonly ip: string
  /** Its HELO or EHLO name; '' when it sent none. */
  readonly helo: string
  /** The reverse-path without brackets; '' is the null reverse-path. */
  readonly reversePath: string
}

export interface AuthOptions {
  readonly session: AuthSession
  /** Our host name, which explanations of SPF records may name (RFC 7208 §7.2). */
  readonly hostname: string
  readonly lookups: Lookups
  readonly now: Date
  /** `auth.trusted_arc_sealers`: whose word about a message's origin is believed. */
  readonly trustedSealers: readonly string[]
}

export type SpfResult = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'temperror' | 'permerror'

/** RFC 7208: whether the client may send for the domain of the reverse-path. */
export interface SpfVerdict {
  readonly result: SpfResult
  /** The identity that was checked: `helo` for the null reverse-path (RFC 7208 §2.4). */
  readonly identity: 'mailfrom' | 'helo'
  readonly domain: string
  /** The record that decided. */
  readonly record: string | null
  /** What the domain's owner says about a failure; text of a stranger. */
  readonly explanation: string | null
  readonly reason: string
  /** Whether DNS failed during the check, so that the result may differ the next time. */
  readonly dnsTrouble: boolean
}

export type DkimResult = 'pass' | 'fail' | 'neutral' | 'temperror'

/** What was found out about one signature (RFC 6376). */
export interface DkimSignature {
  readonly result: DkimResult
  /** Its domain (`d=`) and selector (`s=`); '' when it has none. */
  readonly domain: string
  readonly selector: string
  /** For whom it signs (`i=`). */
  readonly identity: string
  readonly algorithm: string
  /** Bits of an RSA key; null for others, or when the key was not read. */
  readonly keyBits: number | null
  /** Whether the key is so short that it should be replaced (RFC 8301 §3.2). */
  readonly weakKey: boolean
  /** The record with the key. */
  readonly record: string | null
  /** The first characters of the signature, which tell signatures of one domain apart (RFC 6008 §4). */
  readonly start: string
  /** Whether it passed and DMARC counts it: its domain belongs to the author's. */
  readonly aligned: boolean
  readonly reason: string
}

export interface DkimVerdict {
  /** The best result of all signatures. */
  readonly result: DkimResult | 'none'
  readonly signatures: readonly DkimSignature[]
  /** How many signatures were not looked at, because there were too many. */
  readonly ignored: number
  readonly reason: string
}

export type ArcResult = 'pass' | 'fail' | 'none' | 'temperror'

/** RFC 8617: who handed the message on, and what they saw. */
export interface ArcVerdict {
  readonly result: ArcResult
  /** The domains that sealed the message, the first one first. */
  readonly sealers: readonly string[]
  /** The trusted sealer who saw DMARC pass, or null. Only then may the chain override a DMARC failure. */
  readonly vouchedBy: string | null
  /** Whether a trusted sealer would vouch for the message, if DNS did not fail. */
  readonly mayVouch: boolean
  readonly reason: string
}

export type DmarcResult = 'pass' | 'fail' | 'none' | 'temperror' | 'permerror'
export type DmarcPolicy = 'none' | 'quarantine' | 'reject'

/** RFC 9989: whether the author's domain stands behind the message. */
export interface DmarcVerdict {
  readonly result: DmarcResult
  /** The author's domain; null when there is none, or not exactly one. */
  readonly domain: string | null
  /** Where the policy was found. */
  readonly policyDomain: string | null
  readonly record: string | null
  /** What the domain asks to be done with this message; null when it is not known, or asks for nothing. */
  readonly policy: DmarcPolicy | null
  /** Whether the domain only tests its policy (`t=y`). */
  readonly testing: boolean
  /** Whose pass made it pass. */
  readonly alignedSpf: string | null
  readonly alignedDkim: string | null
  readonly reason: string
}

/**
 * Whether programs agree on what the header says: `several_authors` has more than one From field; `doubtful` lacks one, has one in
 * which programs find different authors, or repeats a field that may occur once (RFC 5322 §3.6).
 */
export type HeaderForm =
  | { readonly kind: 'good' }
  | { readonly kind: 'doubtful'; readonly reason: string }
  | { readonly kind: 'several_authors'; readonly reason: string }

/** All that was found out about where a message comes from. Plain data. */
export interface Verification {
  readonly spf: SpfVerdict
  readonly dkim: DkimVerdict
  readonly dmarc: DmarcVerdict
  readonly arc: ArcVerdict
  readonly form: HeaderForm
}
