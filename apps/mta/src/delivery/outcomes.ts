import type { ClaimedDelivery } from '@mairust/db/queries/delivery-claim'
import type { AttemptOutcome } from '@mairust/db/queries/delivery-settle'
import { decideDsn, type DsnEvent } from '@mairust/mail-core/dsn'
import {
  type LocalFailure,
  localRefusal,
  type Random,
  type RecipientResult,
  resultOf,
  settle,
} from '@mairust/mail-core/outbound'
import { escapeRemote, formatReply, type SmtpReply } from '@mairust/mail-core/smtp'
import type { TryReport } from './attempt-report.ts'
import { senderOf } from './stored-paths.ts'

/** When failed attempts are made again. */
export interface RetryTerms {
  readonly now: Date
  readonly retryMinutes: readonly number[]
  readonly random: Random
}

/** Characters of replies that are kept. */
const MAX_REPLY = 500
const MAX_CONVERSATION = 8000

/** What is written down of a recipient's attempt. `by`: the try that decided; null: no server was reached. */
export function outcomeOf(
  claimed: ClaimedDelivery,
  result: RecipientResult,
  by: TryReport | null,
  terms: RetryTerms,
): AttemptOutcome {
  const { failures, expiresAt } = claimed.delivery
  const settled = settle(result, { ...terms, failures: failures + 1, expiresAt })
  const facts = {
    claimed,
    host: by?.host ?? '',
    remoteAddress: by?.address ?? '',
    tls: by === null ? '' : tlsOf(by),
    conversation: (by?.conversation ?? []).join('\n').slice(0, MAX_CONVERSATION),
    retryAt: terms.now,
    reason: '',
    rescue: false,
    report: false,
  }
  switch (settled.state) {
    case 'delivered': {
      const report = isTold(claimed, { kind: 'relayed', passedOn: by?.dsn ?? false })
      return { ...facts, result: 'delivered', reply: words(settled.reply), report }
    }
    case 'again':
      return { ...facts, result: 'again', reply: 'The server takes the other recipients first' }
    case 'deferred': {
      const { refusal, at, rescue } = settled
      return { ...facts, result: 'deferred', reply: words(refusal.reply), reason: refusal.class, retryAt: at, rescue }
    }
    case 'bounced': {
      const { refusal, reason } = settled
      return {
        ...facts,
        result: 'bounced',
        // The last words of a server say more than that the time is over.
        reply: words(refusal.reply),
        reason: reason === 'expired' ? 'expired' : refusal.class,
        report: isTold(claimed, { kind: 'failed' }),
      }
    }
  }
}

/** What is written down when no way was found to a recipient, or no server may be asked. */
export function failedOutcome(claimed: ClaimedDelivery, failure: LocalFailure, terms: RetryTerms): AttemptOutcome {
  const refusal = localRefusal(failure, 'connect')
  return outcomeOf(claimed, resultOf(refusal, { family: 4 }, claimed.delivery.rescues), null, terms)
}

/** Whether the sender hears of an event. What a user of ours submitted has a sender who is no stranger (O44). */
export function isTold(
  { delivery, outgoing }: Pick<ClaimedDelivery, 'delivery' | 'outgoing'>,
  event: DsnEvent,
): boolean {
  const reversePath = senderOf(outgoing.sender)
  return decideDsn({ event, reversePath, authenticated: outgoing.userId !== null, notify: delivery.notify }).tell
}

const words = (reply: SmtpReply): string => escapeRemote(formatReply(reply), MAX_REPLY)

function tlsOf({ tls }: TryReport): string {
  if (tls === null) return ''
  return tls.protocol === null ? 'none' : `${tls.protocol} ${tls.cipher ?? ''} (${tls.level})`
}
