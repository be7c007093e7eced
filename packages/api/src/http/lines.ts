import type { IncomingMessage } from 'node:http'
import { clientKey, clientNetwork } from '@mairust/mail-core/inbound'
import type { WorkOwner } from '@mairust/worker-pool'
import { credentialOf } from '../auth/resolve-actor.ts'
import { senderOf } from './client.ts'
import type { KnownCallers } from './known-callers.ts'
import { FILES } from './paths.ts'

export type LineOptions = {
  publicUrl: string
  /** Networks of reverse proxies. */
  proxies: readonly string[]
  known: KnownCallers
}

/**
 * Where a request waits for its turn. There are three lines: of callers who are known, by tenant, user and session; of the static files
 * for everybody else, which cost little and of which a page has dozens; and of all other requests. The last two go by network, the /24
 * of IPv4 and the /48 of IPv6, and address. So neither strangers nor the neighbours of an address keep a user waiting.
 */
export function lineOf(request: IncomingMessage, { publicUrl, proxies, known }: LineOptions): WorkOwner {
  const { authorization = null, cookie = null } = request.headers
  const credential = credentialOf(publicUrl, { authorization, cookie })
  const caller = credential === null ? null : known.find(credential)
  if (caller !== null) return ['known', caller.tenant ?? '', caller.user, caller.session]
  const sender = senderOf(request, proxies)
  return [FILES.test(request.url ?? '') ? 'files' : 'strangers', wideNetwork(sender), clientKey(sender)]
}

/** The network of an address: some 250 addresses of IPv4 are as easily had as a /48 of IPv6. */
function wideNetwork(address: string): string {
  const network = clientNetwork(address)
  return /^\d+\.\d+\.\d+\.\d+$/.test(network) ? `${network.slice(0, network.lastIndexOf('.'))}.0/24` : network
}
