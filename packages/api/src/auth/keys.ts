import { hkdfSync } from 'node:crypto'

/** The purposes of derived keys; each has its own key. */
export type KeyPurpose =
  'master-key-check' | 'api-key-pepper' | 'idempotency-answer' | 'render-signature' | 'image-proxy-signature'

/** Keys derived from the master key. */
export interface Keys {
  /** The 32-byte key for a purpose, always the same for the same master key. */
  derive: (purpose: KeyPurpose) => Buffer
}

/**
 * Derives purpose keys from the master key (RFC 5869 HKDF-SHA-256, the purpose as info).
 * @param masterKey 32 bytes
 */
export const createKeys = (masterKey: Buffer): Keys => {
  if (masterKey.length !== 32) throw new RangeError('The master key must have 32 bytes.')
  const made = new Map<KeyPurpose, Buffer>()
  return {
    derive: (purpose) => {
      const known = made.get(purpose)
      if (known !== undefined) return known
      const key = Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `mairust:${purpose}:v1`, 32))
      made.set(purpose, key)
      return key
    },
  }
}
