import type { Parsed } from './types.ts'

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`)
const IPV6_CHARACTERS = /^[\da-f:.]{2,45}$/i

/** True for four decimal numbers without leading zeros. */
export function isIpv4(text: string): boolean {
  return IPV4.test(text)
}

/** The shortest text of an IPv6 address (RFC 5952), or null when it is none. Zones are not accepted. */
export function canonicalIpv6(text: string): string | null {
  if (!IPV6_CHARACTERS.test(text) || !text.includes(':')) return null
  const url = URL.parse(`http://[${text}]/`)
  return url === null ? null : url.hostname.slice(1, -1)
}

/** Parses `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3) into its canonical text, brackets kept. */
export function parseLiteral(text: string): Parsed<string> {
  const inner = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : ''
  if (isIpv4(inner)) return { ok: true, value: `[${inner}]` }
  const ipv6 = /^ipv6:/i.test(inner) ? canonicalIpv6(inner.slice(5)) : null
  return ipv6 === null ? { ok: false, problem: 'literal' } : { ok: true, value: `[IPv6:${ipv6}]` }
}
