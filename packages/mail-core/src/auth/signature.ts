import { createHash, createPrivateKey, type KeyObject, sign as signBytes } from 'node:crypto'
import { relaxedField } from './canonical.ts'
import type { SigningAlgorithm } from './keys.ts'
import type { HeaderRow } from './rows.ts'

/** A key that signs for a domain. */
export interface SigningKey {
  readonly domain: string
  readonly selector: string
  readonly algorithm: SigningAlgorithm
  /** PKCS #8 in PEM, or already read. */
  readonly privateKey: string | KeyObject
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
const MAX_LINE = 76

/** Which fields a signature covers: the names in `h=`, and their text in the relaxed form. */
export interface Coverage {
  readonly names: readonly string[]
  readonly text: string
}

/** Covers the fields that say who writes to whom about what, and `more`, the last where it is present. */
export function coverHeader(rows: readonly HeaderRow[], more: readonly string[] = []): Coverage {
  const names = [...SEALED, ...COVERED, ...more].flatMap((name) => namesFor(name, rows))
  return { names, text: coveredFields(rows, names) }
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

/**
 * Ends a signature field: `start` is all of it up to the value of `b=`, with folds, and `before` what it signs besides itself
 * (RFC 6376 §3.7).
 */
export function completeSignature(start: string, before: string, key: SigningKey): string {
  const data = Buffer.from(before + relaxedField(Buffer.from(start)), 'latin1')
  return start + foldSignature(signatureOf(key, data).toString('base64'))
}

function signatureOf({ algorithm, privateKey }: SigningKey, data: Buffer): Buffer {
  const key = typeof privateKey === 'string' ? createPrivateKey(privateKey) : privateKey
  // RFC 8463 §3: Ed25519 signs the hash, not the data.
  return algorithm === 'rsa-sha256'
    ? signBytes('sha256', data, key)
    : signBytes(null, createHash('sha256').update(data).digest(), key)
}

/** The tag `h=` as folded lines. */
export function foldNames(names: readonly string[]): string[] {
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
