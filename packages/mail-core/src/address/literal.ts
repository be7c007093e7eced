import ipaddr from 'ipaddr.js'
import type { Parsed } from './types.ts'

/** Parses `[192.0.2.1]` or `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3) into its canonical text (RFC 5952), brackets kept. */
export function parseLiteral(text: string): Parsed<string> {
  const inner = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : ''
  if (ipaddr.IPv4.isValidFourPartDecimal(inner)) return { ok: true, value: `[${inner}]` }
  const ipv6 = /^ipv6:([\da-f:.]+)$/i.exec(inner)?.[1] ?? ''
  if (!ipaddr.IPv6.isValid(ipv6)) return { ok: false, problem: 'literal' }
  return { ok: true, value: `[IPv6:${ipaddr.IPv6.parse(ipv6).toRFC5952String()}]` }
}
