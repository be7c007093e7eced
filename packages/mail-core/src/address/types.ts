/**
 * A parsed mail address, the only form in use past the parser.
 * `localPart` is unquoted, its case kept; `domain` is lower-case A-labels, or a literal such as `[192.0.2.1]`.
 */
export interface Address {
  readonly localPart: string
  readonly domain: string
  /** True when `domain` is an address literal (RFC 5321 §4.1.3). */
  readonly literal: boolean
}

/** An address in the form for comparing and storing; only `addressKey` and related functions create one. */
export type AddressKey = string & { readonly [isKey]: true }
declare const isKey: unique symbol

/** The path of RCPT: an address, or the domainless `<Postmaster>` (RFC 5321 §4.1.1.3). */
export type ForwardPath = Address | 'postmaster'

/** The path of MAIL: an address, or null for `<>` (RFC 5321 §4.5.5). */
export type ReversePath = Address | null

/** Why a text is not an address. */
export type AddressProblem =
  | 'empty'
  | 'syntax'
  | 'character'
  | 'no_domain'
  | 'local_part'
  | 'local_part_too_long'
  | 'domain'
  | 'domain_too_long'
  | 'literal'
  | 'too_long'
  | 'source_route'

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: AddressProblem }
