import { canonicalIpv6, isIpv4 } from '../address/index.ts'

/** An IP address as 4 or 16 bytes; an IPv4 address mapped into IPv6 (RFC 4291 §2.5.5.2) is 4. */
export function parseIp(text: string): readonly number[] | null {
  if (isIpv4(text)) return text.split('.').map(Number)
  const canonical = canonicalIpv6(text)
  if (canonical === null) return null
  const [left = '', right] = canonical.split('::')
  const head = groups(left)
  const tail = right === undefined ? [] : groups(right)
  const zeros = new Array<number>(8 - head.length - tail.length).fill(0)
  const bytes = [...head, ...zeros, ...tail].flatMap((group) => [group >> 8, group & 0xff])
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff
  return mapped ? bytes.slice(12) : bytes
}

/**
 * The text under which a client is counted: the address itself for IPv4, its /64 for IPv6, since one customer holds
 * a whole /64. A text that is no address is counted as it is.
 */
export function clientKey(remoteAddress: string): string {
  const bytes = parseIp(remoteAddress)
  if (bytes === null) return remoteAddress
  return bytes.length === 4 ? bytes.join('.') : `${Buffer.from(bytes.slice(0, 8)).toString('hex')}/64`
}

/** True when the address lies in one of the networks, written `192.0.2.0/24`, `2001:db8::/32` or as a single address. */
export function inNetworks(remoteAddress: string, networks: readonly string[]): boolean {
  const address = parseIp(remoteAddress)
  return address !== null && networks.some((network) => inNetwork(address, network))
}

function inNetwork(address: readonly number[], network: string): boolean {
  const [base = '', length] = network.split('/')
  const bytes = parseIp(base)
  if (bytes?.length !== address.length) return false
  const bits = length === undefined ? bytes.length * 8 : prefixLength(base, bytes, length)
  return bytes.every((byte, index) => {
    const shift = 8 - Math.min(Math.max(bits - index * 8, 0), 8)
    return byte >> shift === (address[index] ?? 0) >> shift
  })
}

/** The prefix in the bytes we compare: `::ffff:192.0.2.0/120` is a /24 of IPv4. */
function prefixLength(base: string, bytes: readonly number[], length: string): number {
  return base.includes(':') && bytes.length === 4 ? Number(length) - 96 : Number(length)
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16))
}
