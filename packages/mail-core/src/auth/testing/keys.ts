import { type SigningKey, createSigningKey } from '../index.ts'
import type { Txt } from './check.ts'

export type TestKey = SigningKey & { readonly privateKey: string }
/** Keys of a domain, and their records. */
export interface TestKeys {
  readonly rsa: TestKey
  readonly ed25519: TestKey
  readonly records: Txt
}

/** Makes an RSA and an Ed25519 key for a domain, with the selectors `r` and `e`. */
export async function keysFor(domain: string): Promise<TestKeys> {
  const [rsa, ed25519] = await Promise.all([createSigningKey('rsa-sha256'), createSigningKey('ed25519-sha256')])
  return {
    rsa: { ...rsa, domain, selector: 'r' },
    ed25519: { ...ed25519, domain, selector: 'e' },
    records: { [`r._domainkey.${domain}`]: rsa.record, [`e._domainkey.${domain}`]: ed25519.record },
  }
}
