import { isIP, type LookupFunction } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { isPublicAddress } from '@mairust/mail-core/ip'
import type { ResolveAll } from './resolve-all.ts'

/** A request that was not made because its address is not safe. */
export class UnsafeAddressError extends Error {
  override readonly name = 'UnsafeAddressError'
}

export type SafeAgentOptions = {
  /** `host:port` pairs on private networks that the operator allows. */
  allowedHosts?: readonly string[] | undefined
  /** Maximum size of a response body in bytes; a larger one fails. */
  maxResponseSize?: number | undefined
  resolve: ResolveAll
}

const CONNECT_MS = 5_000
const PORTS = new Set(['', '80', '443', '8080', '8443'])

/**
 * Checks a URL as far as possible before connecting: http or https, no user name or password, a usual web port, and a public address if
 * the host is an IP address. `allowedHosts` (`host:port`) are exempt from the last two checks.
 * @throws UnsafeAddressError
 */
export function requireSafeUrl(text: string, base?: URL, allowedHosts: readonly string[] = []): URL {
  const url = URL.parse(text, base?.href)
  if (url === null) throw new UnsafeAddressError('This is not a valid URL.')
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new UnsafeAddressError('Only http and https URLs are loaded.')
  if (url.username !== '' || url.password !== '')
    throw new UnsafeAddressError('URLs with a user name or password are not loaded.')
  const host = bareHost(url.hostname)
  if (allowedHosts.includes(`${host}:${portOf(url)}`)) return url
  if (!PORTS.has(url.port)) throw new UnsafeAddressError('Only the ports 80, 443, 8080 and 8443 are loaded from.')
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw new UnsafeAddressError('This address is on a private network.')
  return url
}

/**
 * The HTTP agent for all URLs that come from mail or users. It resolves a host name once, requires all its addresses to be public, and
 * connects to the addresses that it checked, so that a name cannot be rebound in between. It checks the connected socket again. It
 * follows no redirects and ignores proxy variables.
 */
export function createSafeAgent({ allowedHosts = [], maxResponseSize, resolve }: SafeAgentOptions): Agent {
  const guarded = buildConnector({ timeout: CONNECT_MS, lookup: guardedLookup(resolve) })
  const trusted = buildConnector({ timeout: CONNECT_MS })
  return new Agent({
    keepAliveTimeout: 1_000,
    // -1: no limit.
    maxResponseSize: maxResponseSize ?? -1,
    connect: (options, callback) => {
      const host = bareHost(options.hostname)
      if (allowedHosts.includes(`${host}:${options.port || (options.protocol === 'https:' ? '443' : '80')}`)) {
        trusted(options, callback)
        return
      }
      // An IP address is never resolved, so it is checked here.
      if (isIP(host) !== 0 && !isPublicAddress(host)) {
        callback(new UnsafeAddressError('This address is on a private network.'), null)
        return
      }
      guarded(options, (...[error, socket]) => {
        if (error !== null) {
          callback(error, null)
        } else if (isPublicAddress(socket.remoteAddress ?? '')) {
          callback(null, socket)
        } else {
          socket.destroy()
          callback(new UnsafeAddressError('This address is on a private network.'), null)
        }
      })
    },
  })
}

function guardedLookup(resolve: ResolveAll): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname)
      .then((addresses) => {
        const [first] = addresses
        if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
          throw new UnsafeAddressError('This host name resolves to a private network.')
        }
        if (options.all === true) callback(null, addresses)
        else callback(null, first.address, first.family)
      })
      .catch((error: unknown) => callback(error instanceof Error ? error : new Error(String(error)), []))
  }
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80')
}

/** A host as DNS and `isIP` expect it: IPv6 without brackets. */
function bareHost(host: string): string {
  return host.startsWith('[') ? host.slice(1, -1) : host
}
