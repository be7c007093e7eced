import type { SmtpReply } from '../smtp/reply.ts'
import { replies } from '../smtp/replies.ts'
import type { Verification } from './types.ts'

/**
 * What a domain of ours does about the DMARC policies of others, if not what `auth.dmarc.enforce` says: `enforce` them, file in
 * `junk` what they reject, or turn them `off`.
 */
export type DmarcOverride = 'enforce' | 'junk' | 'off'

export interface PolicySettings {
  /** `auth.dmarc.enforce` */
  readonly enforce: boolean
  /** The recipient domain's own choice. */
  readonly override: DmarcOverride | null
  /** Whether a message waits while its author's policy cannot be looked up; else it is taken. */
  readonly defers: boolean
}

/** What becomes of a message, and why in plain words. */
export type PolicyDecision =
  | { readonly action: 'accept'; readonly reason: string }
  | { readonly action: 'junk'; readonly reason: string }
  | { readonly action: 'reject' | 'tempfail'; readonly reason: string; readonly reply: SmtpReply }

/**
 * Decides about a message by where it comes from. SPF alone refuses nothing; what could not be looked up for now is never a reason to
 * refuse for good.
 */
export function decidePolicy(found: Verification, { enforce, override, defers }: PolicySettings): PolicyDecision {
  const { form } = found
  if (form.kind === 'several_authors') return { action: 'reject', reason: form.reason, reply: replies.multipleFrom }
  const mode = override ?? (enforce ? 'enforce' : 'off')
  const decision = mode === 'off' ? null : byDmarc(found, mode, defers)
  if (decision !== null && decision.action !== 'accept') return decision
  // DMARC cannot be told for such a message, and readers may be misled.
  if (form.kind === 'doubtful') return { action: 'junk', reason: form.reason }
  return decision ?? { action: 'accept', reason: 'DMARC policies are not applied' }
}

function byDmarc({ dmarc, arc }: Verification, mode: 'enforce' | 'junk', defers: boolean): PolicyDecision {
  const { result, policy, reason } = dmarc
  if (result === 'permerror') return { action: 'junk', reason }
  // A domain that asks for nothing gets nothing, whatever DNS hides.
  if ((result !== 'fail' && result !== 'temperror') || policy === 'none') return { action: 'accept', reason }
  if (arc.vouchedBy !== null) return { action: 'accept', reason: `${reason}, but ${arc.vouchedBy} vouches for it` }
  if (result === 'temperror' || arc.mayVouch) {
    const why = result === 'temperror' ? reason : arc.reason
    if (!defers) return { action: 'accept', reason: why }
    return { action: 'tempfail', reason: why, reply: replies.dmarcUnknown }
  }
  if (policy === 'reject' && mode === 'enforce') return { action: 'reject', reason, reply: replies.dmarcReject }
  return policy === null ? { action: 'accept', reason } : { action: 'junk', reason }
}
