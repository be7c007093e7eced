import type { SignatureResult } from 'mailauth/lib/dkim/dkim-verifier.js'
import { asBuffer } from '../message/decoders.ts'
import { BoundedVerifier } from './dkim-engine.ts'
import { plain } from './plain.ts'
import type { SignedMessage } from './rows.ts'
import type { DkimSignature, DkimVerdict, Lookup } from './types.ts'

/** RFC 8301 §3.2: shorter ones never count, and the second length is what signers should use. */
export const MIN_KEY_BITS = 1024
const GOOD_KEY_BITS = 2048
/** Milliseconds by which clocks may differ. */
const CLOCK_SKEW = 60 * 60 * 1000
/** Characters of `b=` that tell signatures apart (RFC 6008 §4). */
const START = 8

/** The verified signatures, and mailauth's reading of the ARC sets, which it makes in the same pass. */
export interface DkimPass {
  readonly signatures: readonly Omit<DkimSignature, 'aligned'>[]
  readonly ignored: number
  readonly arc: BoundedVerifier['arc']
}

/** More of a body, in pieces of any size. */
export type Rest = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/** Verifies the signatures of a message (RFC 6376, RFC 8301, RFC 8463). `resolver` asks no question twice. */
export async function verifySignatures(
  message: SignedMessage,
  rest: Rest,
  { resolver, now }: { readonly resolver: Lookup; readonly now: Date },
): Promise<DkimPass> {
  const verifier = new BoundedVerifier({
    resolver,
    minBitLength: MIN_KEY_BITS,
    strict: true,
    curTime: now,
    sender: 'not-read@localhost',
  })
  const parsed = message.rows.map(({ key, line }) => ({ key, casedKey: key, line }))
  await verifier.messageHeaders({ parsed, original: Buffer.alloc(0) })
  lookUpKeys(verifier, resolver)
  if (message.body.length > 0) await verifier.nextChunk(message.body)
  for await (const piece of rest) await verifier.nextChunk(asBuffer(piece))
  await verifier.finalChunk()
  const signatures = verifier.results
    .filter(({ status }) => status.result !== 'none')
    .map((signature) => judge(signature, now))
  return { signatures, ignored: verifier.ignored, arc: verifier.arc }
}

/** Asks for all keys at once: mailauth asks for one after the other, and a domain that does not answer would take all the time. */
function lookUpKeys({ signatureHeaders }: BoundedVerifier, resolver: Lookup): void {
  for (const { selector, signingDomain, skip, invalid } of signatureHeaders) {
    if (skip !== undefined || invalid !== undefined) continue
    // mailauth asks again and sees what went wrong.
    resolver(`${selector}._domainkey.${signingDomain}`, 'TXT').catch(() => undefined)
  }
}

/** What counts of mailauth's result: it accepts more than we do. */
function judge(signature: SignatureResult, now: Date): Omit<DkimSignature, 'aligned'> {
  const { status, modulusLength = null } = signature
  const { result, reason } = conclude(signature, now)
  return {
    result,
    domain: plain(signature.signingDomain ?? '', 255).toLowerCase(),
    selector: plain(signature.selector ?? '', 255),
    identity: plain(textOf(status.header?.['i']), 320),
    algorithm: plain(signature.algo ?? '', 40),
    keyBits: modulusLength,
    weakKey: modulusLength !== null && modulusLength < GOOD_KEY_BITS,
    record: signature.rr === undefined ? null : plain(signature.rr),
    start: plain(signature.signature ?? '', START),
    reason,
  }
}

type Conclusion = Pick<DkimSignature, 'result' | 'reason'>

function conclude(signature: SignatureResult, now: Date): Conclusion {
  const { status } = signature
  switch (status.result) {
    case 'pass':
      return concludePass(signature, now)
    case 'fail':
      return {
        result: 'fail',
        reason: REASONS.get(textOf(status.comment)) ?? 'The signature does not match the message',
      }
    case 'temperror':
      return { result: 'temperror', reason: 'The key could not be looked up for now' }
    case 'policy':
      // RFC 8301 §3: neither counts as a signature at all.
      return {
        result: 'fail',
        reason: POLICIES.get(status.policy?.['dkim-rules'] ?? '') ?? 'The signature is not acceptable',
      }
    default:
      return {
        result: 'neutral',
        reason: REASONS.get(textOf(status.comment)) ?? 'The signature or its key cannot be used',
      }
  }
}

function concludePass(
  { canonBodyLengthLimited, canonBodyLengthLimit, signTime }: SignatureResult,
  now: Date,
): Conclusion {
  // RFC 6376 §8.2: whoever passes the message on could add anything behind.
  if (canonBodyLengthLimited === true) {
    return {
      result: 'neutral',
      reason: `The signature covers only the first ${canonBodyLengthLimit ?? 0} bytes of the body`,
    }
  }
  if (typeof signTime === 'string' && Date.parse(signTime) > now.getTime() + CLOCK_SKEW) {
    return { result: 'neutral', reason: 'The signature is dated in the future' }
  }
  return { result: 'pass', reason: 'The signature matches the message' }
}

const textOf = (value: string | false | undefined): string => (typeof value === 'string' ? value : '')

const POLICIES = new Map([
  ['weak-key', `The RSA key has fewer than ${MIN_KEY_BITS} bits`],
  ['weak-algorithm', 'The signature uses SHA-1, which no longer counts'],
])

/** mailauth's words for what it found, in ours. */
const REASONS = new Map([
  ['body hash did not verify', 'The body was changed after it was signed'],
  ['bad signature', 'The header was changed after it was signed, or another key signed it'],
  ['no key', 'The domain publishes no key for this selector'],
  ['unknown key version', 'The key record is of an unknown version'],
  ['unknown key type', 'The key is of an unknown type'],
  ['invalid public key', 'The key record holds no valid key, or the key was revoked'],
  ['inappropriate hash algorithm', 'The key does not allow this hash algorithm'],
  ['inappropriate key algorithm', 'The key is not for this algorithm'],
  ['key not for email', 'The key is not for mail'],
  ['domain mismatch', 'The signature is for an identity outside its domain'],
  ['invalid expiration', 'The signature expires before it was made'],
  ['expired', 'The signature has expired'],
  ['unknown algorithm', 'The signature uses an unknown algorithm'],
  ['unknown canonicalization', 'The signature uses an unknown form of the message'],
  ['signature missing required tag', 'The signature lacks a part'],
  ['signature syntax error', 'The signature is malformed'],
  ['incompatible version', 'The signature is of an unknown version'],
  ['unsupported query method', 'The signature names an unknown way to find its key'],
  ['From field not signed', 'The signature does not cover the From field'],
])

/** The verdict over all signatures, once it is known which are aligned. */
export function sumUp({ signatures, ignored }: DkimPass, aligned: (domain: string) => boolean): DkimVerdict {
  const all = signatures.map((signature) => ({ ...signature, aligned: aligned(signature.domain) }))
  const best = ORDER.map((result) => all.find((signature) => signature.result === result)).find(
    (found) => found !== undefined,
  )
  if (best !== undefined) return { result: best.result, signatures: all, ignored, reason: best.reason }
  const reason = ignored > 0 ? 'The signatures are too large to be checked' : 'The message is not signed'
  return { result: ignored > 0 ? 'neutral' : 'none', signatures: all, ignored, reason }
}

const ORDER = ['pass', 'temperror', 'fail', 'neutral'] as const
