import { Resolver } from 'node:dns/promises'
import { parseDomain } from '@mairust/mail-core/address'

/** Finds an address's forward-confirmed name; null for no name, no answer in time, or a name that does not resolve back. */
export type ReverseLookup = (address: string) => Promise<string | null>

const LIMIT = 1000
const KEEP = 300_000
const MAX_CACHED = 10_000
const LOOPBACK = /^(?:127\.|::1$)/

interface ReverseOptions {
  readonly servers: readonly string[]
  readonly now: () => number
  readonly resolver?: Pick<Resolver, 'reverse' | 'resolve4' | 'resolve6'> | undefined
}

/** Forward-confirmed reverse lookups, limited to a second and cached for five minutes, failures too. */
export function createReverseLookup({ servers, now, resolver = makeResolver(servers) }: ReverseOptions): ReverseLookup {
  const cache = new Map<string, { readonly at: number; readonly name: Promise<string | null> }>()
  return (address) => {
    if (LOOPBACK.test(address)) return Promise.resolve('localhost')
    const known = cache.get(address)
    if (known !== undefined && now() - known.at < KEEP) return known.name
    const name = within(LIMIT, confirm(address, resolver)).catch(() => null)
    if (cache.size >= MAX_CACHED) cache.clear()
    cache.set(address, { at: now(), name })
    return name
  }
}

function makeResolver(servers: readonly string[]): Resolver {
  const resolver = new Resolver({ timeout: LIMIT, tries: 1 })
  if (servers.length > 0) resolver.setServers(servers)
  return resolver
}

async function confirm(
  address: string,
  resolver: Pick<Resolver, 'reverse' | 'resolve4' | 'resolve6'>,
): Promise<string | null> {
  const [found = ''] = await resolver.reverse(address)
  // The address's owner controls this record: only a valid host name may reach headers and logs.
  const name = parseDomain(found.replace(/\.$/, ''), { tolerant: true })
  if (!name.ok) return null
  const back = address.includes(':') ? await resolver.resolve6(name.value) : await resolver.resolve4(name.value)
  return back.includes(address) ? name.value : null
}

function within<T>(limit: number, work: Promise<T>): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(null), limit)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
