import { inNetworks, isIp, canonicalIp } from '@mairust/mail-core/inbound'

/** What is known of the other side of a request beside the request itself. */
export interface RequestInfo {
  /** Address of the socket. */
  ip?: string | undefined
  /** It belongs to a page that has been counted (`Api.admitPage`). */
  counted?: boolean | undefined
}

/**
 * Header in which apps/web's own server passes the socket's address to route handlers, which cannot see it. That server
 * overwrites it on every request, so no client can set it.
 */
export const REMOTE_ADDRESS_HEADER = 'x-mairust-remote-address'

/**
 * Address of the client: the socket's, or, when that is one of `proxies`, the last in `X-Forwarded-For` that is not. Every proxy
 * appends the address it saw, so what stands before that one is the client's own word.
 * @param proxies networks in CIDR notation (`web.trusted_proxies`)
 */
export const clientAddress = (request: Request, info: RequestInfo | undefined, proxies: readonly string[]): string => {
  let client = info?.ip ?? request.headers.get(REMOTE_ADDRESS_HEADER) ?? 'unknown'
  const hops = (request.headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim())
  for (let hop = hops.pop(); hop !== undefined && inNetworks(client, proxies); hop = hops.pop()) {
    if (!isIp(hop)) break
    client = hop
  }
  return canonicalIp(client)
}
