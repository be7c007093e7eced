import type { Resolver } from '@mairust/dns'
import {
  type HostAddresses,
  type HostDecision,
  type LocalFailure,
  mailHosts,
  namedHost,
  planAddresses,
  type PlanDecision,
  planLiteral,
  type PlannedAddress,
  type PlanNote,
  type Random,
  type RouteFamily,
  type Site,
  siteOfHosts,
  siteOfRoute,
} from '@mairust/mail-core/outbound'
import { isIp } from '@mairust/mail-core/inbound'

/** Where mail goes: the addresses to try, in order, and the site that they are. */
export interface Destination {
  readonly site: Site
  readonly addresses: readonly PlannedAddress[]
  readonly port: number
  /** Whether loopback and private addresses may be connected to. */
  readonly allowPrivate: boolean
}

export type Way =
  | { readonly kind: 'way'; readonly destination: Destination; readonly notes: readonly PlanNote[] }
  | { readonly kind: 'failed'; readonly failure: LocalFailure; readonly notes: readonly PlanNote[] }

export interface WayOptions {
  readonly resolver: Resolver
  /** Names and addresses at which this server takes mail: mail never goes back to it (O5). */
  readonly ownHosts: readonly string[]
  readonly ownAddresses: readonly string[]
  /** `outbound.allow_private_destinations`. */
  readonly allowPrivate: boolean
  readonly random: Random
  /** 25, but for tests. */
  readonly port: number
  /** For whom the look-ups are: these take turns. By default, the domain. */
  readonly owner?: string | undefined
}

/** Finds the way to a domain, in A-labels, or to an address literal (O1–O9). Never rejects. */
export async function wayToDomain(domain: string, family: RouteFamily, options: WayOptions): Promise<Way> {
  const { resolver, ownHosts, ownAddresses, allowPrivate, random, port, owner = domain } = options
  if (domain.startsWith('[')) {
    return wayOf(planLiteral({ domain, allowPrivate, ownAddresses }), {
      site: siteOfHosts([domain]),
      port,
      allowPrivate,
    })
  }
  const hosts = mailHosts({ domain, mx: await resolver.query(domain, 'MX', { owner }), ownHosts, random })
  return wayToHosts(hosts, family, { ...options, owner, siteOf: siteOfHosts })
}

/** A smart host. */
export interface RouteHost {
  readonly host: string
  readonly port: number
}

/** Finds the way to a smart host, which the configuration names: it may be on a private network. Never rejects. */
export async function wayToRoute({ host, port }: RouteHost, family: RouteFamily, options: WayOptions): Promise<Way> {
  const site = siteOfRoute(host, port)
  if (isIp(host)) {
    const domain = host.includes(':') ? `[IPv6:${host}]` : `[${host}]`
    // Another port of this machine is another server.
    return wayOf(planLiteral({ domain, allowPrivate: true, ownAddresses: [] }), { site, port, allowPrivate: true })
  }
  const own = { ...options, ownAddresses: [], allowPrivate: true, port }
  return wayToHosts(namedHost(host), family, { ...own, owner: options.owner ?? host, siteOf: () => site })
}

async function wayToHosts(
  decision: HostDecision,
  family: RouteFamily,
  options: WayOptions & {
    readonly owner: string
    readonly siteOf: (hosts: readonly string[]) => Site
  },
): Promise<Way> {
  if (decision.kind === 'failed') return { ...decision, notes: [] }
  const { resolver, ownAddresses, allowPrivate, port, owner, siteOf } = options
  const { hosts, implicit } = decision
  const answers = new Map(
    await Promise.all(
      hosts.map(async ({ name }): Promise<[string, HostAddresses]> => {
        const [a, aaaa] = await Promise.all([
          family === 'v6' ? null : resolver.query(name, 'A', { owner }),
          family === 'v4' ? null : resolver.query(name, 'AAAA', { owner }),
        ])
        return [name, { a, aaaa }]
      }),
    ),
  )
  const plan = planAddresses({ hosts, implicit, answers, family, allowPrivate, ownAddresses })
  return wayOf(plan, { site: siteOf(hosts.map(({ name }) => name)), port, allowPrivate })
}

function wayOf(plan: PlanDecision, rest: Omit<Destination, 'addresses'>): Way {
  if (plan.kind === 'failed') return plan
  return { kind: 'way', destination: { ...rest, addresses: plan.addresses }, notes: plan.notes }
}
