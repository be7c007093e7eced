import type { ReplyStage } from '../../bounce/rules/rule.ts'
import type { SmtpReply } from '../../smtp/reply.ts'
import { failures } from '../failure.ts'
import type { RecipientFacts, SessionFacts } from './facts.ts'
import { localRefusal, type RecipientResult, type Refusal, refusalOf, resultOf } from './refusal.ts'
import { type SiteSignal, signalsOf } from './signals.ts'

/** What a session means: for each recipient, for the connection, and for the site. */
export interface SessionOutcome {
  /** In the order of the facts, one for each recipient. */
  readonly recipients: readonly { readonly id: string; readonly result: RecipientResult }[]
  /** Whether the connection serves another message: as it is, after RSET, or not at all (O14). */
  readonly connection: 'reuse' | 'reset' | 'close'
  /** The host's refusal of every mail from us, in greeting or HELO (O10). */
  readonly hostRefusal: Refusal | null
  /** Whether the host took part at all: it answered our greeting well. What TLS lacks is between it and one policy. */
  readonly reached: boolean
  readonly signals: readonly SiteSignal[]
}

/** Turns what happened in a session into results (O10, O12–O14, O17, O18, O21, O40–O42). */
export function sessionOutcome(facts: SessionFacts): SessionOutcome {
  const early = earlyRefusal(facts)
  const recipients = facts.recipients.map((recipient) => ({
    id: recipient.id,
    result: recipientResult(facts, recipient, early),
  }))
  const results = recipients.map(({ result }) => result)
  const hostRefusal = early !== null && !early.local && isOfHost(early) ? early : null
  return {
    recipients,
    connection: connectionAfter(facts, results),
    hostRefusal,
    reached: facts.hello !== null && isGood(facts.hello),
    signals: signalsOf(results),
  }
}

/** Whether DATA follows the replies to RCPT (O18), given the reply to a DATA that was already sent with them (RFC 2920 §3.1). */
export function afterRecipients(
  replies: readonly (SmtpReply | null)[],
  data: SmtpReply | null,
): 'send' | 'reset' | 'end_with_dot' {
  if (replies.some((reply) => reply !== null && isGood(reply))) return 'send'
  // The server waits for a message that nobody gets: the lone dot ends it.
  return data !== null && isGoAhead(data) ? 'end_with_dot' : 'reset'
}

const isGood = ({ code }: SmtpReply) => code >= 200 && code < 300
const isGoAhead = ({ code }: SmtpReply) => code >= 300 && code < 400
const isOfHost = ({ stage }: Refusal) => stage === 'banner' || stage === 'hello'

/** What stopped the session before any recipient was asked, for all of them alike. */
function earlyRefusal(facts: SessionFacts): Refusal | null {
  const stages: readonly [ReplyStage, SmtpReply | null][] = [
    ['banner', facts.banner],
    ['hello', facts.hello],
    ['tls', facts.tls],
    ['auth', facts.auth],
    ['mail', facts.mail],
  ]
  for (const [stage, reply] of stages) {
    if (reply !== null && !isGood(reply) && !(stage === 'auth' && isGoAhead(reply)))
      return refusalOf(reply, stage, facts)
  }
  const { broken } = facts
  const askedNobody = facts.recipients.every(({ reply }) => reply === null)
  return broken !== null && askedNobody ? localRefusal(broken.failure, broken.stage) : null
}

function recipientResult(facts: SessionFacts, recipient: RecipientFacts, early: Refusal | null): RecipientResult {
  const { reply, rescues } = recipient
  if (early !== null) return hostOrMail(early, facts, rescues)
  if (reply === null) return deferredBy(facts)
  if (!isGood(reply)) {
    return isTooMany(facts, recipient) ? { kind: 'again' } : resultOf(refusalOf(reply, 'rcpt', facts), facts, rescues)
  }
  const { data, end } = facts
  // O12: a 250 that was seen stands, whatever follows.
  if (end !== null)
    return isGood(end) ? { kind: 'delivered', reply: end } : resultOf(refusalOf(end, 'end', facts), facts, rescues)
  if (data !== null && !isGoAhead(data)) return resultOf(refusalOf(data, 'data', facts), facts, rescues)
  return deferredBy(facts)
}

/**
 * O10: whatever a host says in its greeting, the next one is asked; `concludePlan` knows when there is no next. A login or TLS that a smart
 * host refuses is ours to mend, and no mail is given back for it.
 */
function hostOrMail(refusal: Refusal, facts: SessionFacts, rescues: number): RecipientResult {
  const result = resultOf(refusal, facts, rescues)
  if (refusal.local || isOfHost(refusal) || refusal.stage === 'tls' || refusal.stage === 'auth') {
    return { ...deferral(refusal), hintSeconds: result.kind === 'deferred' ? result.hintSeconds : null }
  }
  return result
}

/** The session broke, or stopped without a word. After the final dot the mail may have arrived: no other host gets it now (O11). */
function deferredBy({ broken }: SessionFacts): RecipientResult {
  const stage = broken?.stage ?? 'rcpt'
  if (stage === 'end') {
    return { ...deferral(localRefusal(failures.silentAfterData, stage)), tryNextHost: false, uncertain: true }
  }
  return deferral(localRefusal(broken?.failure ?? failures.connectionLost, stage))
}

const deferral = (refusal: Refusal) => ({
  kind: 'deferred' as const,
  refusal,
  tryNextHost: true,
  greylisted: false,
  hintSeconds: null,
  rescue: false,
  uncertain: false,
})

/**
 * RFC 5321 §4.5.3.1.10: 452 to a later recipient ends the list, not the mail; old servers say 552. Somebody must have been taken, or the
 * same would happen again and again.
 */
function isTooMany({ recipients, broken }: SessionFacts, { reply }: RecipientFacts): boolean {
  if (reply === null || broken !== null || (reply.code !== 452 && reply.code !== 552)) return false
  const says = reply.enhanced?.endsWith('.5.3') === true || /too many recipients/i.test(reply.text)
  return says && recipients.some((each) => each.reply !== null && isGood(each.reply))
}

function connectionAfter(facts: SessionFacts, results: readonly RecipientResult[]): SessionOutcome['connection'] {
  const { banner, hello, tls, auth, mail, data, end, broken, recipients } = facts
  const replies = [banner, hello, tls, auth, mail, data, end, ...recipients.map(({ reply }) => reply)]
  // RFC 5321 §3.8: after 421 the server closes, and so do we.
  if (broken !== null || replies.some((reply) => reply?.code === 421)) return 'close'
  if ([banner, hello, tls, auth].some((reply) => reply !== null && !isGood(reply))) return 'close'
  // Out of step: a transaction that should have ended has not.
  if (end === null && data !== null && isGoAhead(data)) return 'close'
  return end !== null && results.every(({ kind }) => kind === 'delivered') ? 'reuse' : 'reset'
}
