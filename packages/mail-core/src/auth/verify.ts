import { checkChain } from './arc.ts'
import { authorshipOf } from './author.ts'
import { type DkimPass, type Rest, sumUp, verifySignatures } from './dkim.ts'
import { checkDmarc } from './dmarc.ts'
import { MAX_HEADER, type SignedMessage, splitSigned } from './rows.ts'
import { checkSpf } from './spf.ts'
import type { ArcVerdict, AuthOptions, Lookup, Verification } from './types.ts'
import { keysOnly, watch } from './watched.ts'

/** Bytes of a message that `verify` must have at once: all that it reads of a header. */
export const VERIFY_START = MAX_HEADER + 64 * 1024

/**
 * Finds out who sent a message: SPF, DKIM, DMARC and ARC, with our stricter rules on top. `message` are the bytes as received,
 * before any field of ours: all of them, or the first `VERIFY_START` with CRLF line ends and then `rest`. Rejects only for an error of
 * ours, or of `rest`; trouble with DNS is `temperror`.
 */
export async function verify(message: Buffer, options: AuthOptions, rest: Rest = []): Promise<Verification> {
  const signed = splitSigned(message)
  const { lookups, now, trustedSealers } = options
  const keys = watch(keysOnly(lookups.dkim))
  const [spf, dkim] = await Promise.all([checkSpf(options), signatures(signed, rest, keys.lookup, now)])
  const { authors, form } = authorshipOf(message, signed)
  const facts = { authors, form, spf, signatures: dkim.signatures }
  const [dmarc, arc] = await Promise.all([
    checkDmarc(facts, watch(lookups.dmarc).lookup),
    signed.tooLarge ? UNCHECKED_CHAIN : checkChain(dkim.arc, keys, trustedSealers),
  ])
  return { spf, dkim: sumUp(dkim, dmarc.isAligned), dmarc: dmarc.verdict, arc, form }
}

async function signatures(message: SignedMessage, rest: Rest, lookup: Lookup, now: Date): Promise<DkimPass> {
  if (!message.tooLarge) return verifySignatures(message, rest, { resolver: lookup, now })
  return { signatures: [], ignored: message.counts.get('dkim-signature') ?? 0, arc: {} }
}

const UNCHECKED_CHAIN: ArcVerdict = {
  result: 'fail',
  sealers: [],
  vouchedBy: null,
  mayVouch: false,
  reason: 'The header is too large to be checked',
}
