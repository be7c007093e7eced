import { parseDomain } from './domain.ts'
import { parseLiteral } from './literal.ts'
import type { Address, ForwardPath, Parsed, ReversePath } from './types.ts'

const MAX_LOCAL_PART = 64 // octets, RFC 5321 §4.5.3.1.1
const MAX_ADDRESS = 254 // octets: a path of 256 (RFC 5321 §4.5.3.1.3) without its angle brackets

/**
 * No control characters (nor C1), no invisible formatting, no noncharacters: they allow spoofing and injection. A space is allowed
 * only in a quoted local part.
 */
const ALLOWED = /^[\x21-\x7e\u00a0-\u{10ffff}]+$/u
const INVISIBLE = /[\u200b\u2028-\u202e\u2060-\u2069\ufeff\ufffd\ufffe\uffff\p{Cs}]/u
const ATOM = /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+$/u // RFC 5321 §4.1.2 Atom, RFC 6531 §3.3
const QUOTED = /^"((?:[^"\\]|\\[\x20-\x7e])*)"$/ // RFC 5321 §4.1.2 Quoted-string

/**
 * Parses `local@domain` (RFC 5321 §4.1.2 Mailbox, RFC 6531 §3.3 for Unicode): dot-atom or quoted local part,
 * domain or address literal. Never throws; a problem is a value.
 */
export function parseAddress(text: string): Parsed<Address> {
  return parseMailbox(text, false)
}

/**
 * Parses the reverse-path of MAIL, with or without angle brackets; `<>` and the empty text are null.
 * Tolerates what real senders use: long local parts (SRS, VERP), `a..b.@` of Japanese mobile
 * carriers, underscores in host names. The limits of RFC 5321 §4.5.3.1 are minimums to support, not maximums.
 */
export function parseReversePath(text: string): Parsed<ReversePath> {
  const inner = unwrap(text)
  if (inner === null) return { ok: false, problem: 'syntax' }
  return inner === '' ? { ok: true, value: null } : parseMailbox(inner, true)
}

/**
 * Parses the forward-path of RCPT, with or without angle brackets. `postmaster` alone is allowed (RFC 5321 §4.1.1.3).
 * Refuses a source route, as RFC 5321 appendix C allows: it only serves relaying.
 */
export function parseForwardPath(text: string): Parsed<ForwardPath> {
  const inner = unwrap(text)
  if (inner === null) return { ok: false, problem: 'syntax' }
  if (inner.toLowerCase() === 'postmaster') return { ok: true, value: 'postmaster' }
  return parseMailbox(inner, true)
}

function parseMailbox(text: string, tolerant: boolean): Parsed<Address> {
  if (text === '') return { ok: false, problem: 'empty' }
  if (text.length > MAX_ADDRESS || Buffer.byteLength(text) > MAX_ADDRESS) return { ok: false, problem: 'too_long' }
  const at = text.lastIndexOf('@')
  const shown = text.startsWith('"') ? text.slice(0, Math.max(at, 0)).replaceAll(' ', '') + text.slice(at) : text
  if (!ALLOWED.test(shown) || INVISIBLE.test(text)) return { ok: false, problem: 'character' }
  if (text.startsWith('@')) return { ok: false, problem: text.includes(':') ? 'source_route' : 'local_part' }

  if (at === -1) return { ok: false, problem: 'no_domain' }
  const localPart = parseLocalPart(text.slice(0, at), tolerant)
  if (!localPart.ok) return localPart

  const right = text.slice(at + 1)
  if (right === '') return { ok: false, problem: 'no_domain' }
  const literal = right.startsWith('[')
  const domain = literal ? parseLiteral(right) : parseDomain(right, { tolerant })
  if (!domain.ok) return domain
  // A Unicode domain grows as A-labels, which other servers will see.
  if (Buffer.byteLength(localPart.value) + 1 + domain.value.length > MAX_ADDRESS)
    return { ok: false, problem: 'too_long' }
  return { ok: true, value: { localPart: localPart.value, domain: domain.value, literal } }
}

function parseLocalPart(text: string, tolerant: boolean): Parsed<string> {
  const quoted = QUOTED.exec(text)
  const value = quoted === null ? text : (quoted[1] ?? '').replace(/\\(.)/g, '$1')
  const atoms = value.split('.')
  const valid = quoted === null ? atoms.every((atom) => ATOM.test(atom) || (tolerant && atom === '')) : true
  if (!valid || value === '') return { ok: false, problem: 'local_part' }
  if (!tolerant && Buffer.byteLength(value) > MAX_LOCAL_PART) return { ok: false, problem: 'local_part_too_long' }
  return { ok: true, value }
}

function unwrap(text: string): string | null {
  if (!text.startsWith('<') && !text.endsWith('>')) return text
  return text.startsWith('<') && text.endsWith('>') ? text.slice(1, -1) : null
}
