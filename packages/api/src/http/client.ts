import type { IncomingMessage } from 'node:http'
import { inNetworks, isIp, canonicalIp } from '@mairust/mail-core/inbound'
import type { Caller } from '../auth/resolve-actor.ts'
import type { Exceeded } from './limits.ts'

/** What is known about the sender of a request besides the request itself. */
export interface RequestInfo {
  /** Address of the socket. */
  ip?: string | undefined
  /** It is part of a page that has already been counted (`Api.admitPage`). */
  counted?: boolean | undefined
  /** What the limits say of it, when it is known to be over one (`Limits.exceeded`). */
  exceeded?: Exceeded | undefined
  /** Who sent it, when that has been looked up already. */
  caller?: Caller | undefined
}

/**
 * The header in which the server of apps/web passes the socket's address to route handlers, which cannot see it. The server
 * sets it on every request, so no client can forge it.
 */
export const REMOTE_ADDRESS_HEADER = 'x-mairust-remote-address'

/**
 * The address of the client: the socket's, or, if that is one of `proxies`, what `X-Forwarded-For` says (`addressBehind`).
 * @param proxies networks in CIDR notation (`web.trusted_proxies`)
 */
export const clientAddress = (request: Request, info: RequestInfo | undefined, proxies: readonly string[]): string => {
  const socketAddress = info?.ip ?? request.headers.get(REMOTE_ADDRESS_HEADER) ?? 'unknown'
  return addressBehind(socketAddress, request.headers.get('x-forwarded-for') ?? '', proxies)
}

/** `clientAddress` of a request as it arrives. */
export const senderOf = (
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  proxies: readonly string[],
): string => {
  const forwarded = headers['x-forwarded-for']
  return addressBehind(socket.remoteAddress ?? '', typeof forwarded === 'string' ? forwarded : '', proxies)
}

/**
 * The last address in an `X-Forwarded-For` that is no proxy's, if the socket's is. Every proxy appends the address that it saw, so
 * everything before that one may be forged.
 */
export const addressBehind = (socketAddress: string, forwardedFor: string, proxies: readonly string[]): string => {
  let client = socketAddress
  const hops = forwardedFor.split(',').map((hop) => hop.trim())
  for (let hop = hops.pop(); hop !== undefined && inNetworks(client, proxies); hop = hops.pop()) {
    if (!isIp(hop)) break
    client = hop
  }
  return canonicalIp(client)
}
