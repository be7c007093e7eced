/** What each record type says. TXT keeps its character-strings apart; join them without a separator (RFC 7208 §3.3). */
export interface RecordData {
  readonly A: string
  readonly AAAA: string
  readonly CNAME: string
  readonly MX: { readonly preference: number; readonly exchange: string }
  readonly NS: string
  readonly PTR: string
  readonly TLSA: {
    readonly usage: number
    readonly selector: number
    readonly matchingType: number
    readonly certificate: Uint8Array
  }
  readonly TXT: readonly string[]
}

/** A record type that we ask for. */
export type RecordType = keyof RecordData

/**
 * Why there is no answer for now. `malformed`: the server sent something that is no answer to the question; `overloaded`: too many
 * questions of the same owner wait here; `chain_too_long`: the alias leads through too many others, or to itself.
 */
export type TemporaryCause =
  'timeout' | 'servfail' | 'refused' | 'malformed' | 'network' | 'overloaded' | 'cancelled' | 'chain_too_long'

interface Known {
  /** Whether the validating resolver vouches for the answer (RFC 4035 §3.2.3); false unless the resolver is one. */
  readonly authenticated: boolean
  /** Seconds for which the answer still holds. */
  readonly ttl: number
  /** The name at the end of the aliases that led from the name asked for, if there were any. */
  readonly cname?: string
}

export type Found<T extends RecordType> = Known & { readonly kind: 'found'; readonly records: readonly RecordData[T][] }
/** The name does not exist at all, or it exists without records of this type. */
export type Missing = Known & { readonly kind: 'no_such_name' | 'no_data' }
/** Nothing is known: whoever asked tries again later, and refuses nobody for it. */
export interface Temporary {
  readonly kind: 'temporary'
  readonly cause: TemporaryCause
}

export type Answer<T extends RecordType> = Found<T> | Missing | Temporary

export interface QueryOptions {
  /** Ends the waiting with `temporary`; others who wait for the same answer still get it. What nobody waits for is not asked. */
  readonly signal?: AbortSignal | undefined
  /** For whom: owners take turns, and none has more than its share of the questions under way. One for all who name none. */
  readonly owner?: string | undefined
}

/** Asks name servers. Never rejects. */
export interface Resolver {
  query: <T extends RecordType>(name: string, type: T, options?: QueryOptions) => Promise<Answer<T>>
}
