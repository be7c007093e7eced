import { type AddressKey, catchAllKey, normaliseAddress } from '../address/index.ts'

/** The key of an address that a test has written itself, `*@domain` too. Throws when it is none. */
export function requireKey(text: string): AddressKey {
  const key = text.startsWith('*@') ? catchAllKey(text.slice(2)) : normaliseAddress(text)
  if (key === null) throw new Error(`no address: ${text}`)
  return key
}
