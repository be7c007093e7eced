import { classifyBounce } from '../../bounce/classify.ts'
import type { BlockList } from '../../bounce/lists.ts'
import type { ReplyStage } from '../../bounce/rules/rule.ts'
import { BOUNCE_TABLE, type BounceClass, type BounceScope } from '../../bounce/table.ts'
import type { SmtpReply } from '../../smtp/reply.ts'
import type { LocalFailure } from '../failure.ts'
import { retryHint } from '../schedule/hint.ts'
import type { SessionFacts, SessionStage } from './facts.ts'

/** Why a recipient has not got the mail: the words, and what they mean. */
export interface Refusal {
  readonly reply: SmtpReply
  /** Whether the words are ours: the remote said nothing. */
  readonly local: boolean
  readonly stage: SessionStage
  readonly class: BounceClass
  readonly scope: BounceScope
  readonly rule: string
  readonly list: BlockList | null
  readonly ipv6Only: boolean
}

/** The result for one recipient. Exactly one of these (O42). */
export type RecipientResult =
  | { readonly kind: 'delivered'; readonly reply: SmtpReply }
  | { readonly kind: 'bounced'; readonly refusal: Refusal }
  | {
      readonly kind: 'deferred'
      readonly refusal: Refusal
      /** Whether another host of the plan may take it in the same attempt. */
      readonly tryNextHost: boolean
      /** Whether the remote only wants us to come back (O34). */
      readonly greylisted: boolean
      /** The time that it named (O35). */
      readonly hintSeconds: number | null
      /** Whether this counts as another try of a refusal for good (O41). */
      readonly rescue: boolean
      /** Whether the remote may have the mail all the same: the final dot was sent. */
      readonly uncertain: boolean
    }
  /** Not a failure: too many recipients at once. Send it to him again now, in another transaction (O17). */
  | { readonly kind: 'again' }

/** Classes of refusal for good that may end by themselves, or with another source or way (O41). */
const RESCUABLE: ReadonlySet<BounceClass> = new Set([
  'reputation_ip',
  'rate_limited',
  'tls_failure',
  'no_answer',
  'dns_failure',
  'greylisted',
])
const MAX_RESCUES = 3

/** Classes where the next host of the plan knows no better. */
const SAME_EVERYWHERE: ReadonlySet<BounceClass> = new Set([
  'rate_limited',
  'greylisted',
  'reputation_ip',
  'mailbox_full',
])

/** The refusal that a remote's reply is. */
export function refusalOf(reply: SmtpReply, stage: ReplyStage, { provider }: Pick<SessionFacts, 'provider'>): Refusal {
  return { reply, local: false, stage, ...classifyBounce({ provider, reply, stage }) }
}

/** The refusal that a failure of our own is. */
export function localRefusal({ reply, class: cls }: LocalFailure, stage: SessionStage): Refusal {
  const { scope } = BOUNCE_TABLE[cls]
  return { reply, local: true, stage, class: cls, scope, rule: 'local', list: null, ipv6Only: false }
}

/**
 * What a refusal means for a recipient. Its first digit decides (O13, RFC 5321 §4.3.2): 5yz is final, everything else is not (O40). Only
 * a 5yz about our address or the destination as a whole is tried again, a few times (O41).
 */
export function resultOf(refusal: Refusal, { family }: Pick<SessionFacts, 'family'>, rescues: number): RecipientResult {
  const final = refusal.reply.code >= 500
  const left = rescues < MAX_RESCUES
  const byIpv4 = refusal.ipv6Only && family === 6 && (!final || left)
  const isOfUs = refusal.scope === 'source_ip' || refusal.scope === 'destination'
  const rescue = final && left && (byIpv4 || (isOfUs && RESCUABLE.has(refusal.class)))
  if (final && !rescue) return { kind: 'bounced', refusal }
  return {
    kind: 'deferred',
    refusal,
    tryNextHost: byIpv4 || (!final && refusal.scope !== 'recipient' && !SAME_EVERYWHERE.has(refusal.class)),
    greylisted: refusal.class === 'greylisted',
    hintSeconds: final ? null : retryHint(refusal.reply.text),
    rescue,
    uncertain: false,
  }
}
