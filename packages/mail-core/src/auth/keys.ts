import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

/** RFC 8301 and RFC 8463. */
export type SigningAlgorithm = 'rsa-sha256' | 'ed25519-sha256'

/** A new key: the private half to be kept encrypted, and the text of its record. */
export interface NewKey {
  readonly algorithm: SigningAlgorithm
  /** PKCS #8 in PEM. */
  readonly privateKey: string
  /** What DNS publishes at `<selector>._domainkey.<domain>`. */
  readonly record: string
}

/** What a published record is to a key of ours. `revoked`: it says that the key must not be used any more. */
export type RecordMatch = 'matches' | 'other_key' | 'revoked' | 'malformed' | 'testing'

const RSA_BITS = 2048
/** RFC 1035 §3.3: octets of one character-string. */
const MAX_STRING = 255
const generate = promisify(generateKeyPair)

/** Makes a key pair; RSA takes a thread of the pool for about a tenth of a second. */
export async function createSigningKey(algorithm: SigningAlgorithm): Promise<NewKey> {
  const { privateKey } = await (algorithm === 'rsa-sha256'
    ? generate('rsa', { modulusLength: RSA_BITS })
    : generate('ed25519'))
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { algorithm, privateKey: pem, record: keyRecord(algorithm, pem) }
}

/** The text of the record for a private key (RFC 6376 §3.6.1, RFC 8463 §4). */
export function keyRecord(algorithm: SigningAlgorithm, privateKey: string | KeyObject): string {
  return `v=DKIM1; k=${KINDS[algorithm]}; p=${publicPart(privateKey)}`
}

const KINDS: Readonly<Record<SigningAlgorithm, string>> = { 'rsa-sha256': 'rsa', 'ed25519-sha256': 'ed25519' }
/** Bytes before the bare key in its DER form (RFC 8410 §4). */
const ED25519_PREFIX = 12

function publicPart(privateKey: string | KeyObject): string {
  const key = createPublicKey(typeof privateKey === 'string' ? createPrivateKey(privateKey) : privateKey)
  const der = key.export({ type: 'spki', format: 'der' })
  return (key.asymmetricKeyType === 'ed25519' ? der.subarray(ED25519_PREFIX) : der).toString('base64')
}

/** Cuts a record's ASCII text into strings that DNS can hold; their readers join them again. */
export function txtStrings(text: string): string[] {
  const count = Math.max(Math.ceil(text.length / MAX_STRING), 1)
  return Array.from({ length: count }, (_, index) => text.slice(index * MAX_STRING, (index + 1) * MAX_STRING))
}

/** A record's text as zone files and control panels take it: quoted strings of at most 255 bytes. */
export function quotedTxt(text: string): string {
  return txtStrings(text)
    .map((string) => `"${string.replaceAll(/["\\]/g, String.raw`\$&`)}"`)
    .join(' ')
}

/** Says what a published record, its strings joined, is to ours (RFC 6376 §3.6.1). */
export function matchRecord(published: string, record: string): RecordMatch {
  const tags = readTags(published)
  const ours = readTags(record)
  const key = tags?.get('p')
  if (tags === null || key === undefined || (tags.get('v') ?? 'DKIM1') !== 'DKIM1') return 'malformed'
  if (key === '') return 'revoked'
  if (key !== ours?.get('p') || (tags.get('k') ?? 'rsa') !== (ours.get('k') ?? 'rsa')) return 'other_key'
  return (tags.get('t') ?? '').split(':').includes('y') ? 'testing' : 'matches'
}

/** The tags of a tag-list without white space in their values (RFC 6376 §3.2); null when it is not one. */
function readTags(text: string): Map<string, string> | null {
  const tags = new Map<string, string>()
  for (const part of text.split(';').map((tag) => tag.replaceAll(/\s+/g, ''))) {
    const equals = part.indexOf('=')
    if (part === '') continue
    if (equals < 1 || tags.has(part.slice(0, equals))) return null
    tags.set(part.slice(0, equals), part.slice(equals + 1))
  }
  return tags
}
