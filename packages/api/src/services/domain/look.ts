import type { RecordData, Resolver } from '@mairust/dns'
import type { FoundValues } from '@mairust/mail-core/dns-records'

/** What a check of a domain asks DNS. */
export interface Look {
  /** The values at a name, as `ExpectedRecord` writes them. */
  readonly values: (name: string, type: 'TXT' | 'MX' | 'PTR' | 'A' | 'AAAA') => Promise<FoundValues>
  /** The addresses that a name leads to, and the alias through which, if it is one. */
  readonly host: (name: string) => Promise<FoundValues & { readonly alias: string | null }>
  readonly resolver: Resolver
  readonly signal: AbortSignal
}

/** Milliseconds for all look-ups of a check: whoever asks gets an answer by then. */
const LOOKUP_MS = 6000

type Texts = { readonly [T in 'TXT' | 'MX' | 'PTR' | 'A' | 'AAAA']: (data: RecordData[T]) => string }

const TEXTS: Texts = {
  TXT: (strings) => strings.join(''),
  MX: ({ preference, exchange }) => `${preference} ${exchange}.`,
  PTR: (name) => `${name}.`,
  A: (address) => address,
  AAAA: (address) => address,
}

/** Begins a check. Whatever is not answered in time counts as trouble. */
export const openLook = (resolver: Resolver): Look => {
  const signal = AbortSignal.timeout(LOOKUP_MS)
  const ask = async <T extends keyof Texts>(name: string, type: T, texts: Pick<Texts, T> = TEXTS) => {
    const answer = await resolver.query(name, type, { signal })
    if (answer.kind === 'temporary') return { kind: 'trouble' as const, alias: null }
    const alias = answer.cname ?? null
    const values = answer.kind === 'found' ? answer.records.map((data) => texts[type](data)) : []
    return { kind: 'values' as const, values, alias }
  }
  return {
    resolver,
    signal,
    values: (name, type) => ask(name, type),
    host: async (name) => {
      const [v4, v6] = await Promise.all([ask(name, 'A'), ask(name, 'AAAA')])
      const alias = v4.alias ?? v6.alias
      const values = [v4, v6].flatMap((one) => (one.kind === 'values' ? one.values : []))
      const isTrouble = values.length === 0 && (v4.kind === 'trouble' || v6.kind === 'trouble')
      return isTrouble ? { kind: 'trouble', alias } : { kind: 'values', values, alias }
    },
  }
}
