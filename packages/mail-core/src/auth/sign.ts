import { BodyHash } from './body-hash.ts'
import { type SignedMessage, splitSigned } from './rows.ts'
import { completeSignature, type Coverage, coverHeader, foldNames, type SigningKey } from './signature.ts'

export interface SignOptions {
  readonly keys: readonly SigningKey[]
  readonly now: Date
}

/** Seconds after which a signature no longer counts, so that a caught message cannot be sent again and again. */
export const SIGNATURE_LIFETIME_S = 7 * 24 * 60 * 60

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
  const covered = coverHeader(rows)
  return keys.map((key) => `${signatureField(key, covered, bodyHash, now)}\r\n`).join('')
}

function signatureField(key: SigningKey, { names, text }: Coverage, bodyHash: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
  const start = [
    `DKIM-Signature: v=1; a=${key.algorithm}; c=relaxed/relaxed; d=${key.domain};`,
    ` s=${key.selector}; t=${seconds}; x=${seconds + SIGNATURE_LIFETIME_S};`,
    ...foldNames(names),
    ` bh=${bodyHash};`,
    ' b=',
  ].join('\r\n')
  return completeSignature(start, text, key)
}
