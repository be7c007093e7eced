/** Who looks after a domain and its users (RFC 2142 §2, §5). */
const KEEPERS: ReadonlySet<string> = new Set(['postmaster', 'abuse'])

/** What is sent whatever the list says. */
export interface SuppressionExemptions {
  /** Local parts beside `postmaster` and `abuse`, in lower case. */
  readonly localParts: readonly string[]
  readonly streams: readonly string[]
}

/**
 * Whether mail is sent to an address although it is on the list: whoever looks after a domain is always told, and some
 * streams, such as new passwords, are wanted by whoever asks for them.
 */
export function isExempt(address: string, stream: string, { localParts, streams }: SuppressionExemptions): boolean {
  const localPart = address.slice(0, address.lastIndexOf('@')).toLowerCase()
  return KEEPERS.has(localPart) || localParts.includes(localPart) || (stream !== '' && streams.includes(stream))
}
