import { type AddressKey, catchAllKey, normaliseAddress } from '../address/index.ts'

/** The key of an address written in a test, including `*@domain`. Throws when it is not an address. */
export function requireKey(text: string): AddressKey {
  const key = text.startsWith('*@') ? catchAllKey(text.slice(2)) : normaliseAddress(text)
  if (key === null) throw new Error(`no address: ${text}`)
  return key
}
