import ipaddr from 'ipaddr.js'

/** A name as it is compared: in lower case, without the root's dot. */
export const bareName = (name: string): string => name.toLowerCase().replace(/\.$/, '')

/** Where the name of an address is (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reverseName(address: string): string {
  const parsed = ipaddr.parse(address)
  const bytes = [...parsed.toByteArray()].reverse()
  if (parsed.kind() === 'ipv4') return `${bytes.join('.')}.in-addr.arpa`
  const nibbles = bytes.flatMap((byte) => [byte & 15, byte >> 4])
  return `${nibbles.map((nibble) => nibble.toString(16)).join('.')}.ip6.arpa`
}
