import { createHash } from 'node:crypto'
import { hostKey } from './mx/dns.ts'
import { providerOf, type ProviderId, providerOfHost } from './providers.ts'

/** The mail servers of a domain as one destination: all domains with the same ones share limits and memory. */
export interface Site {
  /** Its identity, at most 128 characters. */
  readonly key: string
  readonly provider: ProviderId | null
  /** Normalised and sorted. */
  readonly hosts: readonly string[]
}

/** How long a connection to a site serves further messages (O19). */
export interface ConnectionReuse {
  readonly messages: number
  readonly idleSeconds: number
  readonly totalSeconds: number
}

const REUSE: ConnectionReuse = { messages: 100, idleSeconds: 60, totalSeconds: 300 }
const MAX_KEY = 128
/** What the keys of sites begin with that are all servers of a provider. */
export const PROVIDER_SITE = 'provider:'

/** The site of a set of mail servers. It is a provider's only if every server is (O36): one stranger may mean other rules. */
export function siteOfHosts(hosts: readonly string[]): Site {
  const names = [...new Set(hosts.map(hostKey))].sort()
  const providers = new Set(names.map(providerOfHost))
  const [provider = null] = providers.size === 1 ? providers : []
  return { key: provider === null ? setKey(names) : `${PROVIDER_SITE}${provider}`, provider, hosts: names }
}

/** The site of a configured route: its host and port, whatever provider the host is of. */
export function siteOfRoute(host: string, port: number): Site {
  const name = hostKey(host)
  return { key: bounded(`route:${name}:${port}`), provider: providerOfHost(name), hosts: [name] }
}

/** How long a connection to the site is kept and used. */
export function connectionReuse(site: Pick<Site, 'provider'>): ConnectionReuse {
  const own = site.provider === null ? undefined : providerOf(site.provider).messagesPerConnection
  return own === undefined ? REUSE : { ...REUSE, messages: own }
}

const setKey = (names: readonly string[]) => bounded(names.join(','))

/** Long keys become their hash: host names are the domain owner's to choose. */
function bounded(key: string): string {
  return key.length <= MAX_KEY ? key : `sha256:${createHash('sha256').update(key).digest('hex')}`
}
