import { parseAddress } from './parse.ts'
import type { Address, AddressKey, ForwardPath, ReversePath } from './types.ts'

const DOT_ATOM = /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+)*$/u

/** Formats an address, quoting the local part only when needed (RFC 5321 §4.1.2). The domain stays in A-labels. */
export function formatAddress(address: Address): string {
  return `${quoteLocalPart(address.localPart)}@${address.domain}`
}

/** Formats a path without angle brackets: '' for `<>`, `postmaster` for the domainless postmaster. */
export function formatPath(path: ForwardPath | ReversePath): string {
  if (path === null) return ''
  return path === 'postmaster' ? path : formatAddress(path)
}

/**
 * The key for comparing and storing addresses: NFC and lower-case local part, A-label domain.
 * Local parts are case-sensitive in RFC 5321 §2.4, but no system in use treats them so.
 */
export function addressKey(address: Address): AddressKey {
  const localPart = address.localPart.normalize('NFC').toLowerCase().normalize('NFC')
  return formatAddress({ ...address, localPart }) as AddressKey
}

/** The key of a forward-path; the domainless postmaster is its own key. */
export function recipientKey(path: ForwardPath): AddressKey {
  return path === 'postmaster' ? (path as string as AddressKey) : addressKey(path)
}

/** The key of a domain's catch-all. */
export function catchAllKey(domain: string): AddressKey {
  return `*@${domain}` as AddressKey
}

/** The comparison key of a text, or null when it is not an address. */
export function normaliseAddress(text: string): AddressKey | null {
  const parsed = parseAddress(text)
  return parsed.ok ? addressKey(parsed.value) : null
}

/**
 * Splits `user+tag@domain` (RFC 5233 §1) at the first separator. A local part that starts with it has no tag.
 * @returns the address without tag, and the tag or null.
 */
export function splitSubAddress(address: Address, separator = '+'): { base: Address; tag: string | null } {
  const at = address.localPart.indexOf(separator)
  if (at <= 0) return { base: address, tag: null }
  const base = { ...address, localPart: address.localPart.slice(0, at) }
  return { base, tag: address.localPart.slice(at + separator.length) }
}

function quoteLocalPart(localPart: string): string {
  return DOT_ATOM.test(localPart) ? localPart : `"${localPart.replace(/["\\]/g, '\\$&')}"`
}

/** The domain of an address in its comparison form. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)
