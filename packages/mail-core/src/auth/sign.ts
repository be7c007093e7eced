import { createHash, createPrivateKey, type KeyObject, sign as signBytes } from 'node:crypto'
import { BodyHash } from './body-hash.ts'
import { relaxedField } from './canonical.ts'
import type { SigningAlgorithm } from './keys.ts'
import { type HeaderRow, type SignedMessage, splitSigned } from './rows.ts'

/** A key that signs for a domain. */
export interface SigningKey {
  readonly domain: string
  readonly selector: string
  readonly algorithm: SigningAlgorithm
  /** PKCS #8 in PEM, or already read. */
  readonly privateKey: string | KeyObject
}

export interface SignOptions {
  readonly keys: readonly SigningKey[]
  readonly now: Date
}

/** Listed once more than present, so that nobody can add another one (RFC 6376 §8.15). */
const SEALED = ['From', 'To', 'Cc', 'Subject', 'Date', 'Message-ID', 'Reply-To', 'MIME-Version', 'Content-Type']
/** Signed if present. RFC 8058 §4 wants both fields of the one-click unsubscription among them. */
const COVERED = [
  'Sender',
  'In-Reply-To',
  'References',
  'Content-Transfer-Encoding',
  'List-Id',
  'List-Help',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'List-Subscribe',
  'List-Post',
  'List-Owner',
  'List-Archive',
]
/** Seconds after which a signature no longer counts, so that a caught message cannot be sent again and again. */
const LIFETIME = 7 * 24 * 60 * 60
const MAX_LINE = 76

/**
 * Signs a message: one DKIM-Signature field for each key, each with its final CRLF, to be put in front of it (RFC 6376). `header` is
 * the header with CRLF line ends; `bodyHash` is that of `BodyHash` over all that follows its empty line. A header so large that nobody
 * would verify it is not signed.
 */
export function signHeader(header: Buffer, bodyHash: string, options: SignOptions): string {
  return signMessage(splitSigned(header), bodyHash, options)
}

/** Signs a whole message, as `signHeader` does. */
export function sign(message: Buffer, options: SignOptions): string {
  const signed = splitSigned(message)
  const hash = new BodyHash()
  hash.update(signed.body)
  return signMessage(signed, hash.digest(), options)
}

function signMessage({ rows, tooLarge }: SignedMessage, bodyHash: string, { keys, now }: SignOptions): string {
  if (tooLarge) return ''
  const names = [...SEALED, ...COVERED].flatMap((name) => namesFor(name, rows))
  const signed = coveredFields(rows, names)
  const seconds = Math.floor(now.getTime() / 1000)
  return keys.map((key) => `${signatureField(key, { names, signed, seconds, bodyHash })}\r\n`).join('')
}

function namesFor(name: string, rows: readonly HeaderRow[]): string[] {
  const key = name.toLowerCase()
  const present = rows.filter((row) => row.key === key).length
  return Array.from({ length: present + (SEALED.includes(name) ? 1 : 0) }, () => name)
}

/** The fields that `h=` names, each name taking the lowest that is left (RFC 6376 §5.4.2). */
function coveredFields(rows: readonly HeaderRow[], names: readonly string[]): string {
  const left = new Map<string, HeaderRow[]>()
  for (const row of rows) left.set(row.key, [...(left.get(row.key) ?? []), row])
  return names
    .map((name) => left.get(name.toLowerCase())?.pop())
    .filter((row) => row !== undefined)
    .map((row) => `${relaxedField(row.line)}\r\n`)
    .join('')
}

interface Covered {
  readonly names: readonly string[]
  readonly signed: string
  readonly seconds: number
  readonly bodyHash: string
}

function signatureField(key: SigningKey, { names, signed, seconds, bodyHash }: Covered): string {
  const unsigned = [
    `DKIM-Signature: v=1; a=${key.algorithm}; c=relaxed/relaxed; d=${key.domain};`,
    ` s=${key.selector}; t=${seconds}; x=${seconds + LIFETIME};`,
    ...foldNames(names),
    ` bh=${bodyHash};`,
    ' b=',
  ].join('\r\n')
  const data = Buffer.from(signed + relaxedField(Buffer.from(unsigned)), 'latin1')
  return unsigned + foldSignature(signatureOf(key, data).toString('base64'))
}

function signatureOf({ algorithm, privateKey }: SigningKey, data: Buffer): Buffer {
  const key = typeof privateKey === 'string' ? createPrivateKey(privateKey) : privateKey
  // RFC 8463 §3: Ed25519 signs the hash, not the data.
  return algorithm === 'rsa-sha256'
    ? signBytes('sha256', data, key)
    : signBytes(null, createHash('sha256').update(data).digest(), key)
}

function foldNames(names: readonly string[]): string[] {
  const lines = [' h=']
  for (const [index, name] of names.entries()) {
    const word = index < names.length - 1 ? `${name}:` : `${name};`
    const line = lines.at(-1) ?? ''
    if (line.length + word.length <= MAX_LINE) lines[lines.length - 1] = line + word
    else lines.push(`  ${word}`)
  }
  return lines
}

const foldSignature = (base64: string): string => (base64.match(/.{1,72}/g) ?? []).join('\r\n  ')
