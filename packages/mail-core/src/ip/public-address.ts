import ipaddr from 'ipaddr.js'

/**
 * Whether an IP address is public. Loopback, private, link-local, shared (CGNAT), unique local, multicast, documentation and reserved
 * addresses are not, nor are IPv6 forms that contain an IPv4 address: mapped, NAT64, 6to4, Teredo.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast') return false
  // RFC 4291 §2.4, as assigned by IANA: global unicast is 2000::/3 only.
  return parsed.kind() === 'ipv4' || isGlobalUnicast(parsed.toByteArray()[0] ?? 0)
}

function isGlobalUnicast(firstByte: number): boolean {
  return firstByte >> 5 === 0b001
}
