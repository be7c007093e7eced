import { arc } from 'mailauth/lib/arc/index.js'
import type { ArcSet } from 'mailauth/lib/dkim/dkim-verifier.js'
import { type DkimPass, MIN_KEY_BITS } from './dkim.ts'
import { plain } from './plain.ts'
import type { ArcVerdict } from './types.ts'
import type { WatchedLookup } from './watched.ts'

/** Verifies the chain of those who handed the message on (RFC 8617), and whether one who is trusted saw DMARC pass. */
export async function checkChain(
  data: DkimPass['arc'],
  { lookup, failed }: WatchedLookup,
  trusted: readonly string[],
): Promise<ArcVerdict> {
  const chain = data.chain === false ? [] : (data.chain ?? [])
  // Read before mailauth changes it.
  const sealers = chain.map(sealerOf)
  const voucher = findVoucher(chain, sealers, trusted)
  const { status } = await arc(data, { resolver: lookup, minBitLength: MIN_KEY_BITS, strict: true })
  const none = { sealers, vouchedBy: null, mayVouch: false }
  if (status.result === 'none')
    return { ...none, result: 'none', reason: 'No server says that it forwarded the message' }
  if (status.result === 'pass') {
    return { ...none, result: 'pass', vouchedBy: voucher, reason: passReason(sealers.at(-1) ?? '', voucher) }
  }
  if (chain.some((set) => keyNames(set).some((name) => failed.has(name)))) {
    return { ...none, result: 'temperror', mayVouch: voucher !== null, reason: 'A key could not be looked up for now' }
  }
  return { ...none, result: 'fail', reason: `The chain is broken: ${plain(status.comment ?? 'it is malformed', 200)}` }
}

/** Where the keys of a set are. */
function keyNames(set: ArcSet): string[] {
  return [set['arc-seal'], set['arc-message-signature']].map(({ parsed }) =>
    `${String(parsed?.['s']?.value)}._domainkey.${String(parsed?.['d']?.value)}`.toLowerCase(),
  )
}

const passReason = (sealer: string, voucher: string | null) =>
  voucher === null
    ? `The chain is whole; ${sealer} handed the message on`
    : `The chain is whole; ${voucher}, which is trusted, saw DMARC pass`

/** The domain of a set's seal. */
function sealerOf(set: ArcSet): string {
  const domain = set['arc-seal'].parsed?.['d']?.value
  return typeof domain === 'string' ? plain(domain, 255).toLowerCase().replace(/\.$/, '') : ''
}

/**
 * The newest sealer who saw DMARC pass, with none but trusted ones after it: what an untrusted one says, or hands to a trusted one,
 * proves nothing.
 */
function findVoucher(chain: readonly ArcSet[], sealers: readonly string[], trusted: readonly string[]): string | null {
  const believed = new Set(trusted.map((domain) => domain.toLowerCase()))
  for (let index = chain.length - 1; index >= 0; index -= 1) {
    const sealer = sealers[index] ?? ''
    if (!believed.has(sealer)) return null
    if (chain[index]?.['arc-authentication-results'].parsed?.['dmarc']?.value === 'pass') return sealer
  }
  return null
}
