import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** Roughly what an IPv4 address looks like. */
const QUAD = /^\d{1,3}(?:\.\d{1,3}){3}$/

/** Parses an IP address; an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) becomes its IPv4 address. Zones are not accepted. */
function parseAddress(text: string): Address | null {
  // Servers ask this several times for each request, and ipaddr.js throws an error inside for whatever it refuses.
  if (!text.includes(':')) {
    // Alone it would accept `127.1` and octal numbers.
    return QUAD.test(text) && ipaddr.IPv4.isValidFourPartDecimal(text) ? ipaddr.IPv4.parse(text) : null
  }
  if (text.includes('%') || !ipaddr.IPv6.isValid(text)) return null
  const address = ipaddr.IPv6.parse(text)
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address
}

/** Whether the text is an IP address, without a zone or a port. */
export function isIp(text: string): boolean {
  return parseAddress(text) !== null
}

/**
 * The canonical text of an IP address: RFC 5952, and IPv4 for an IPv4-mapped address, which dual-stack sockets report. Other text
 * stays as it is.
 */
export function canonicalIp(text: string): string {
  const address = parseAddress(text)
  return address === null ? text : textOf(address)
}

const textOf = (address: Address): string =>
  address instanceof ipaddr.IPv4 ? address.toString() : address.toRFC5952String()

/**
 * The key that identifies a client in counters: the address for IPv4, the /64 for IPv6, since one customer holds a whole /64. Text
 * that is not an address is its own key.
 */
export function clientKey(remoteAddress: string): string {
  return keyOf(remoteAddress, 64)
}

/** A wider key than `clientKey`: the /48 for IPv6, since providers hand out that much to one customer. */
export function clientNetwork(remoteAddress: string): string {
  return keyOf(remoteAddress, 48)
}

function keyOf(remoteAddress: string, bits: number): string {
  const address = parseAddress(remoteAddress)
  if (address === null) return remoteAddress
  return address instanceof ipaddr.IPv4
    ? address.toString()
    : `${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()}/${bits}`
}

/** Whether the address is in one of the networks, written `192.0.2.0/24`, `2001:db8::/32` or as a single address. */
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
  // `::ffff:192.0.2.0/120` is an IPv4 /24.
  const bits = length === undefined ? whole : Number(length) - (mapped ? 96 : 0)
  if (address instanceof ipaddr.IPv4) return base instanceof ipaddr.IPv4 && address.match(base, Math.max(bits, 0))
  return base instanceof ipaddr.IPv6 && address.match(base, bits)
}
