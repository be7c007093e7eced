import { isPublicAddress } from '../../ip/public-address.ts'
import { canonicalIp, isIp } from '../../inbound/network.ts'
import { failures } from '../failure.ts'
import type { PlanDecision } from './addresses.ts'

/** The facts for mail to an address literal (RFC 5321 §4.1.3). */
export interface LiteralQuestion {
  /** With its brackets, as in `Address.domain`. */
  readonly domain: string
  readonly allowPrivate: boolean
  readonly ownAddresses: readonly string[]
}

/** The plan for `user@[192.0.2.1]`: that address and no other, under the same rules (O6). */
export function planLiteral({ domain, allowPrivate, ownAddresses }: LiteralQuestion): PlanDecision {
  const text = domain.replace(/^\[(?:ipv6:)?/i, '').replace(/\]$/, '')
  const address = canonicalIp(text)
  const failed = (failure: (typeof failures)['loop' | 'badLiteral']): PlanDecision => ({
    kind: 'failed',
    failure,
    notes: [],
  })
  if (!isIp(text)) return failed(failures.badLiteral)
  if (ownAddresses.map(canonicalIp).includes(address)) return failed(failures.loop)
  if (!allowPrivate && !isPublicAddress(address)) return failed(failures.badLiteral)
  const family = address.includes(':') ? 6 : 4
  return { kind: 'plan', addresses: [{ host: domain, preference: 0, address, family }], notes: [] }
}
