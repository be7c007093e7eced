import type { IncomingMessage } from 'node:http'
import { clientKey, clientNetwork } from '@mairust/mail-core/inbound'
import type { WorkOwner } from '@mairust/worker-pool'
import { credentialOf } from '../auth/resolve-actor.ts'
import { senderOf } from './client.ts'
import type { KnownCallers } from './known-callers.ts'
import { API, FILES, HEALTH } from './paths.ts'

export type LineOptions = {
  publicUrl: string
  /** Networks of reverse proxies. */
  proxies: readonly string[]
  known: KnownCallers
}

/**
 * Where a request waits for its turn. There are four lines: of callers who are known, by tenant, user and session; of the static files
 * for everybody else, of which a page has dozens; of what they ask of the API, which is a refusal or a login; and of all else, such as
 * pages, which cost far more. The last three go by network, the /24 of IPv4 and the /48 of IPv6, and address. So neither strangers nor
 * the neighbours of an address keep a user waiting, nor costly requests the others.
 */
export function lineOf(request: IncomingMessage, { publicUrl, proxies, known }: LineOptions): WorkOwner {
  const { authorization = null, cookie = null } = request.headers
  const credential = credentialOf(publicUrl, { authorization, cookie })
  const caller = credential === null ? null : known.find(credential)
  if (caller !== null) return ['known', caller.tenant ?? '', caller.user, caller.session]
  const sender = senderOf(request, proxies)
  return [strangersLine(request.url ?? ''), wideNetwork(sender), clientKey(sender)]
}

function strangersLine(target: string): string {
  if (FILES.test(target)) return 'files'
  return API.test(target) || HEALTH.test(target) ? 'calls' : 'pages'
}

/** The network of an address: some 250 addresses of IPv4 are as easily had as a /48 of IPv6. */
function wideNetwork(address: string): string {
  const network = clientNetwork(address)
  return /^\d+\.\d+\.\d+\.\d+$/.test(network) ? `${network.slice(0, network.lastIndexOf('.'))}.0/24` : network
}
