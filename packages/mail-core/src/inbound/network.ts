import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** An IP address; an IPv4 address mapped into IPv6 (RFC 4291 §2.5.5.2) is its IPv4 address. Zones are not accepted. */
function parseAddress(text: string): Address | null {
  // ipaddr.js alone would take `127.1` and octal numbers for IPv4.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  if (!text.includes(':') || text.includes('%') || !ipaddr.IPv6.isValid(text)) return null
  const address = ipaddr.IPv6.parse(text)
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

/** Whether the text is an IP address, without a zone or a port. */
export function isIp(text: string): boolean {
  return parseAddress(text) !== null
}

/**
 * The one text of an IP address: RFC 5952, and IPv4 for an IPv4 address mapped into IPv6, as sockets that take both show it. A text
 * that is no address stays as it is.
 */
export function plainIp(text: string): string {
  const address = parseAddress(text)
  return address === null ? text : textOf(address)
}

const textOf = (address: Address): string =>
  address instanceof ipaddr.IPv4 ? address.toString() : address.toRFC5952String()

/**
 * The text under which a client is counted: the address itself for IPv4, its /64 for IPv6, since one customer holds
 * a whole /64. A text that is no address is counted as it is.
 */
export function clientKey(remoteAddress: string): string {
  const address = parseAddress(remoteAddress)
  if (address === null) return remoteAddress
  return address instanceof ipaddr.IPv4
    ? address.toString()
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`).toString()}/64`
}

/** True when the address lies in one of the networks, written `192.0.2.0/24`, `2001:db8::/32` or as a single address. */
export function inNetworks(remoteAddress: string, networks: readonly string[]): boolean {
  const address = parseAddress(remoteAddress)
  return address !== null && networks.some((network) => inNetwork(address, network))
}

function inNetwork(address: Address, network: string): boolean {
  const [text = '', length] = network.split('/')
  const base = parseAddress(text)
  if (base === null) return false
  const whole = base.toByteArray().length * 8
  const mapped = base instanceof ipaddr.IPv4 && text.includes(':')
  // `::ffff:192.0.2.0/120` is a /24 of IPv4.
  const bits = length === undefined ? whole : Number(length) - (mapped ? 96 : 0)
  if (address instanceof ipaddr.IPv4) return base instanceof ipaddr.IPv4 && address.match(base, Math.max(bits, 0))
  return base instanceof ipaddr.IPv6 && address.match(base, bits)
}
