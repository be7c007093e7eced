/** RFC 1035 §2.3.4: octets of a label, and of a name without its root. */
const MAX_LABEL = 63
const MAX_NAME = 253

/**
 * Whether DNS can hold the name. Any printable character may occur in a label, not only those of host names: SPF macros make such
 * names (RFC 7208 §7).
 */
export function isDnsName(name: string): boolean {
  const bare = name.replace(/\.$/, '')
  if (/[\p{Cc}\p{Cs}]/u.test(bare) || Buffer.byteLength(bare) > MAX_NAME) return false
  return bare.split('.').every((label) => label !== '' && Buffer.byteLength(label) <= MAX_LABEL)
}

/** The name as it is compared: case does not matter (RFC 4343 §3), nor does the root's dot. */
export function nameKey(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/\.$/, '')
}
