/**
 * A mail address, parsed. Past the parser nothing else carries one.
 * `localPart` is unquoted, in its own case; `domain` is lower-case A-labels, or a literal such as `[192.0.2.1]`.
 */
export interface Address {
  readonly localPart: string
  readonly domain: string
  /** True when `domain` is an address literal (RFC 5321 §4.1.3). */
  readonly literal: boolean
}

/** RCPT's path: an address, or the domainless `<Postmaster>` (RFC 5321 §4.1.1.3). */
export type ForwardPath = Address | 'postmaster'

/** MAIL's path: an address, or null for `<>` (RFC 5321 §4.5.5). */
export type ReversePath = Address | null

/** Why a text is no address. */
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

/** Thrown by `requireAddress` for a text that should have been an address. */
export class AddressError extends Error {
  readonly problem: AddressProblem
  constructor(problem: AddressProblem) {
    super(ADDRESS_PROBLEMS[problem])
    this.name = 'AddressError'
    this.problem = problem
  }
}

/** One English sentence for each problem, fit for an error detail or an SMTP reply. */
export const ADDRESS_PROBLEMS: Readonly<Record<AddressProblem, string>> = {
  empty: 'The address is empty',
  syntax: 'The address is malformed',
  character: 'The address contains a character that is not allowed',
  no_domain: 'The address needs a domain after @',
  local_part: 'The part before @ is malformed',
  local_part_too_long: 'The part before @ is longer than 64 bytes',
  domain: 'The domain is malformed',
  domain_too_long: 'The domain is longer than 255 bytes',
  literal: 'The address literal is malformed',
  too_long: 'The address is longer than 254 bytes',
  source_route: 'Source routes are not accepted',
}
