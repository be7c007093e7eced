import { Resolver } from 'node:dns/promises'
import type { LookupAddress } from 'node:dns'
import type { Config } from '@mairust/config'

/** Resolves a host name to all its addresses. */
export type ResolveAll = (hostname: string) => Promise<LookupAddress[]>

/**
 * Makes a resolver of host names from mail. It is not `dns.lookup`, which takes a thread until the name server answers: a mail with
 * hundreds of names whose server does not would take them all, also from the database’s connections.
 * @returns a function that throws the error of the resolver when a name has no address
 */
export const createResolveAll = ({ servers, timeout_ms: timeout }: Config['dns']): ResolveAll => {
  const resolver = new Resolver({ timeout, tries: 2 })
  if (servers.length > 0) resolver.setServers(servers)
  return async (hostname) => {
    // RFC 6761 §6.3: never asked of a name server.
    if (/(?:^|\.)localhost\.?$/i.test(hostname)) return [{ address: '127.0.0.1', family: 4 }]
    const [v4, v6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)])
    const addresses = [...addressesOf(v4, 4), ...addressesOf(v6, 6)]
    if (addresses.length === 0 && v4.status === 'rejected') throw v4.reason
    return addresses
  }
}

const addressesOf = (found: PromiseSettledResult<string[]>, family: 4 | 6): LookupAddress[] =>
  found.status === 'rejected' ? [] : found.value.map((address) => ({ address, family }))
