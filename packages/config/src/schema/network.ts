import { isIP } from 'node:net'
import { z } from 'zod'

/** Whether `value` is an IP address, alone or with a prefix length (`192.0.2.0/24`, `::1`). */
export function isNetwork(value: string): boolean {
  const [address = '', prefix, ...rest] = value.split('/')
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return false
  if (prefix === undefined) return true
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128)
}

/** Whether `value` is `host:port`, with IPv6 addresses in brackets. */
export function isHostPort(value: string): boolean {
  const match = /^(?:\[([^\]]+)\]|([^\s:[\]/]+)):(\d{1,5})$/.exec(value)
  if (match === null) return false
  if (match[1] !== undefined && isIP(match[1]) !== 6) return false
  return Number(match[3]) >= 1 && Number(match[3]) <= 65_535
}

/** Whether `value` names a DNS server: an IP address with or without a port. */
export function isDnsServer(value: string): boolean {
  if (isIP(value) !== 0) return true
  const host = /^(?:\[([^\]]+)\]|([^:]+)):\d{1,5}$/.exec(value)
  return isHostPort(value) && isIP(host?.[1] ?? host?.[2] ?? '') !== 0
}

/** A list of addresses and networks in CIDR notation. */
export const networkList = (fallback: string[], description: string) =>
  z
    .array(z.string().refine(isNetwork, { error: 'must be an IP address or a network such as 192.0.2.0/24' }))
    .default(fallback)
    .describe(description)
