import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'

/** The column of a row that holds a secret. A sealed secret opens nowhere else. */
export interface SecretPlace {
  readonly table: string
  readonly column: string
  readonly tenantId: string
  readonly id: string
}

/** Seals the secrets that the database stores. */
export interface Vault {
  seal(place: SecretPlace, secret: string): string
  /** @throws OtherMasterKeyError, or Error when it was changed or belongs to another place */
  open(place: SecretPlace, sealed: string): string
  /** Whether it was sealed with this master key. */
  isOurs(sealed: string): boolean
  /** How everything begins that was sealed with this master key. */
  readonly mark: string
}

/** It was sealed with another master key than the present one. */
export class OtherMasterKeyError extends Error {
  override readonly name = 'OtherMasterKeyError'
}

const VERSION = '1'
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Opens the vault of a master key (32 bytes). Each secret has a key of its own (AES-256-GCM), which is kept beside it, encrypted with
 * one derived from the master key: a new master key needs these to be encrypted again, not the secrets.
 */
export function openVault(masterKey: Buffer): Vault {
  if (masterKey.length !== KEY_BYTES) throw new RangeError('The master key must have 32 bytes.')
  const wrapping = Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), 'mairust:secrets:v1', KEY_BYTES))
  const keyId = createHash('sha256').update(wrapping).digest('base64url').slice(0, 11)
  const mark = `${VERSION}.${keyId}.`
  return {
    mark,
    isOurs: (sealed) => sealed.startsWith(mark),
    seal: (place, secret) => {
      const key = randomBytes(KEY_BYTES)
      const about = describe(place)
      const parts = [encrypt(wrapping, about, key), encrypt(key, about, Buffer.from(secret))]
      return [VERSION, keyId, ...parts.map((part) => part.toString('base64url'))].join('.')
    },
    open: (place, sealed) => {
      const [version, sealedWith, wrapped = '', encrypted = ''] = sealed.split('.')
      if (version !== VERSION) throw new Error(`The secret in ${place.table} is sealed in a way we do not know`)
      if (sealedWith !== keyId)
        throw new OtherMasterKeyError(`${place.table} ${place.id}: sealed with another master key`)
      const about = describe(place)
      const key = decrypt(wrapping, about, Buffer.from(wrapped, 'base64url'))
      return decrypt(key, about, Buffer.from(encrypted, 'base64url')).toString('utf8')
    },
  }
}

function describe({ table, column, tenantId, id }: SecretPlace): Buffer {
  return Buffer.from([table, column, tenantId, id, VERSION].join('|'))
}

/** Nonce, tag and ciphertext. */
function encrypt(key: Buffer, about: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(about)
  const bytes = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), bytes])
}

function decrypt(key: Buffer, about: Buffer, sealed: Buffer): Buffer {
  const nonce = sealed.subarray(0, NONCE_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(about)
    .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
  return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
}
