import type { Socket } from 'node:net'
import { clientKey, inNetworks } from '@mairust/mail-core/inbound'

export type ConnectionLimits = {
  /** Maximum numbers of open connections, in all and from one address; 0 means no limit. */
  total: number
  perAddress: number
  /** Networks of reverse proxies, which connect for many clients. */
  proxies: readonly string[]
}

/** Written by hand (RFC 9110 §15.6.4), since no HTTP parser is started for a connection over the limit. */
const BUSY =
  'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 5\r\nContent-Type: text/plain; charset=utf-8\r\n' +
  'Content-Length: 42\r\n\r\nToo many connections are open. Try again.\n'

/** Makes a counter for the connections of an HTTP server. It ends a connection over the limits and returns false for it. */
export function createConnectionCount(limits: () => ConnectionLimits): (socket: Socket) => boolean {
  const byAddress = new Map<string, number>()
  let total = 0

  return (socket) => {
    const { total: maxTotal, perAddress, proxies } = limits()
    const address = socket.remoteAddress ?? ''
    const key = clientKey(address)
    const mine = byAddress.get(key) ?? 0
    const isProxy = inNetworks(address, proxies)
    if ((maxTotal > 0 && total >= maxTotal) || (perAddress > 0 && !isProxy && mine >= perAddress)) {
      socket.on('error', () => socket.destroy())
      socket.end(BUSY, () => socket.destroy())
      return false
    }
    total += 1
    byAddress.set(key, mine + 1)
    socket.once('close', () => {
      total -= 1
      const left = (byAddress.get(key) ?? 1) - 1
      if (left > 0) byAddress.set(key, left)
      else byAddress.delete(key)
    })
    return true
  }
}
