import { failures, type LocalFailure } from '../failure.ts'
import { type Random, shuffled } from '../random.ts'
import { type DnsAnswer, hostKey, type MxRecord } from './dns.ts'

/** A mail server of a domain, by name. */
export interface MailHost {
  readonly name: string
  readonly preference: number
}

/** The facts for choosing a domain's mail servers. */
export interface HostQuestion {
  /** In A-labels (O9). */
  readonly domain: string
  readonly mx: DnsAnswer<MxRecord>
  /** Names of this server and of others that would bring the mail back to it. */
  readonly ownHosts: readonly string[]
  readonly random: Random
}

/** So many hosts are looked up at most: a domain may list hundreds, and five addresses are tried. */
const MAX_HOSTS = 20

export type HostDecision =
  | { readonly kind: 'hosts'; readonly hosts: readonly MailHost[]; readonly implicit: boolean }
  | { readonly kind: 'failed'; readonly failure: LocalFailure }

/**
 * The mail servers of a domain in the order to try them (RFC 5321 §5.1): by preference, equal ones in random order; the domain itself
 * when it has no MX. A server that is ours is left out with everything that is not preferred to it.
 */
export function mailHosts({ domain, mx, ownHosts, random }: HostQuestion): HostDecision {
  switch (mx.kind) {
    case 'temporary':
      return failed(failures.dnsTrouble)
    case 'no_such_name':
      return failed(failures.noSuchDomain)
    case 'no_data':
      return withoutOwn([{ name: hostKey(domain), preference: 0 }], true, ownHosts)
    case 'found': {
      const listed = mx.records.map(({ exchange, preference }) => ({ name: hostKey(exchange), preference }))
      const named = listed.filter(({ name }) => name !== '')
      // RFC 7505 §3: a null MX stands alone. Beside others, its empty name is just no server.
      if (named.length === 0) return failed(listed.length === 0 ? failures.noMailHost : failures.nullMx)
      return withoutOwn(inOrder(named, random), false, ownHosts)
    }
  }
}

/** The server of a route or of a relay, which is named and not looked up by MX. */
export function namedHost(name: string): HostDecision {
  return { kind: 'hosts', hosts: [{ name: hostKey(name), preference: 0 }], implicit: false }
}

/** Drops the own hosts, and every host that is not preferred to one of them (RFC 5321 §5.1). */
export function preferredTo(hosts: readonly MailHost[], isOwn: (host: MailHost) => boolean): readonly MailHost[] {
  const ours = Math.min(...hosts.filter(isOwn).map(({ preference }) => preference))
  return hosts.filter(({ preference }) => preference < ours)
}

function withoutOwn(hosts: readonly MailHost[], implicit: boolean, ownHosts: readonly string[]): HostDecision {
  const own = new Set(ownHosts.map(hostKey))
  const left = preferredTo(hosts, ({ name }) => own.has(name))
  return left.length === 0 ? failed(failures.loop) : { kind: 'hosts', hosts: left.slice(0, MAX_HOSTS), implicit }
}

/** Sorted, each host once at its best preference. */
function inOrder(hosts: readonly MailHost[], random: Random): readonly MailHost[] {
  const sorted = shuffled(hosts, random).sort((a, b) => a.preference - b.preference)
  const seen = new Set<string>()
  return sorted.filter(({ name }) => !seen.has(name) && seen.add(name))
}

const failed = (failure: LocalFailure): HostDecision => ({ kind: 'failed', failure })
