import { isPublicAddress } from '../../ip/public-address.ts'
import { canonicalIp } from '../../inbound/network.ts'
import { failures, type LocalFailure } from '../failure.ts'
import type { DnsAnswer } from './dns.ts'
import { type Family, inTurn, MAX_ADDRESSES, type RouteFamily, takeFairly } from './families.ts'
import { type MailHost, preferredTo } from './hosts.ts'

/** What the DNS says of a host; null: not asked, because the route does not use that family. */
export interface HostAddresses {
  readonly a: DnsAnswer<string> | null
  readonly aaaa: DnsAnswer<string> | null
}

/** One address of a plan. */
export interface PlannedAddress {
  readonly host: string
  readonly preference: number
  readonly address: string
  readonly family: Family
}

/** What the journey tells of a host: no failure by itself. */
export interface PlanNote {
  readonly host: string
  readonly kind: 'alias' | 'lookup_failed' | 'no_address' | 'forbidden_address' | 'own_address' | 'left_out'
  readonly detail: string
}

/** The facts for planning where to connect. */
export interface AddressQuestion {
  readonly hosts: readonly MailHost[]
  readonly implicit: boolean
  /** By host name. */
  readonly answers: ReadonlyMap<string, HostAddresses>
  readonly family: RouteFamily
  /** Whether loopback and private addresses may be connected to: `outbound.allow_private_destinations`, or a configured route. */
  readonly allowPrivate: boolean
  /** Addresses at which this server takes mail. */
  readonly ownAddresses: readonly string[]
}

export type PlanDecision =
  | { readonly kind: 'plan'; readonly addresses: readonly PlannedAddress[]; readonly notes: readonly PlanNote[] }
  | { readonly kind: 'failed'; readonly failure: LocalFailure; readonly notes: readonly PlanNote[] }

/**
 * The addresses to connect to, in order, of all hosts (O1): at most five, none private unless allowed, none of ours. Without any it is
 * decided why: DNS trouble defers, everything else is the domain's doing.
 */
export function planAddresses(question: AddressQuestion): PlanDecision {
  const { answers, family, allowPrivate, implicit } = question
  const own = new Set(question.ownAddresses.map(canonicalIp))
  const notes: PlanNote[] = []
  const hosts = preferredTo(question.hosts, ({ name }) => {
    const ours = addressesOf(answers.get(name)).find(({ address }) => own.has(address))
    if (ours !== undefined) notes.push({ host: name, kind: 'own_address', detail: ours.address })
    return ours !== undefined
  })

  const found: PlannedAddress[] = []
  let [forbidden, otherFamily, trouble] = [false, false, false]
  for (const { name, preference } of hosts) {
    const answer = answers.get(name)
    notes.push(...notesOf(name, answer))
    trouble ||= answer === undefined || [answer.a, answer.aaaa].some((each) => each?.kind === 'temporary')
    const usable = addressesOf(answer).filter(({ address }) => {
      if (allowPrivate || isPublicAddress(address)) return true
      notes.push({ host: name, kind: 'forbidden_address', detail: address })
      forbidden = true
      return false
    })
    const ordered = inTurn(usable, family)
    otherFamily ||= ordered.length < usable.length
    found.push(...ordered.map((each) => ({ host: name, preference, ...each })))
  }

  const addresses = takeFairly(unique(found), MAX_ADDRESSES)
  for (const { host, address } of unique(found)) {
    if (!addresses.some((each) => each.address === address)) notes.push({ host, kind: 'left_out', detail: address })
  }
  if (addresses.length > 0) return { kind: 'plan', addresses, notes }
  return { kind: 'failed', failure: reason(), notes }

  function reason(): LocalFailure {
    if (hosts.length < question.hosts.length && hosts.length === 0) return failures.loop
    if (trouble) return failures.dnsTrouble
    if (otherFamily) return failures.otherFamily
    if (forbidden) return failures.forbiddenAddress
    return implicit ? failures.noMailHost : failures.noAddress
  }
}

interface Found {
  readonly address: string
  readonly family: Family
}

function addressesOf(answer: HostAddresses | undefined): readonly Found[] {
  const of = (from: DnsAnswer<string> | null | undefined, family: Family): Found[] =>
    from?.kind === 'found' ? from.records.map((address) => ({ address: canonicalIp(address), family })) : []
  return [...of(answer?.aaaa, 6), ...of(answer?.a, 4)]
}

function notesOf(host: string, answer: HostAddresses | undefined): PlanNote[] {
  const asked = [answer?.a, answer?.aaaa].filter((each) => each !== null && each !== undefined)
  const notes: PlanNote[] = []
  for (const each of asked) {
    if (each.kind === 'temporary') notes.push({ host, kind: 'lookup_failed', detail: each.cause })
  }
  // RFC 5321 §5.1, RFC 2181 §10.3: an MX must not name an alias; many do, and it works.
  const [alias] = asked
    .map((each) => (each.kind === 'found' ? each.cname : undefined))
    .filter((name) => name !== undefined)
  if (alias !== undefined) notes.push({ host, kind: 'alias', detail: alias })
  if (notes.length === 0 && asked.every(({ kind }) => kind !== 'found')) {
    notes.push({ host, kind: 'no_address', detail: '' })
  }
  return notes
}

function unique(addresses: readonly PlannedAddress[]): readonly PlannedAddress[] {
  const seen = new Set<string>()
  return addresses.filter(({ address }) => !seen.has(address) && seen.add(address))
}
