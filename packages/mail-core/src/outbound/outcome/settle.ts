import type { SmtpReply } from '../../smtp/reply.ts'
import { failures } from '../failure.ts'
import { nextAttempt, type RetryQuestion } from '../schedule/retry.ts'
import type { RecipientResult, Refusal } from './refusal.ts'

/** What is written down for a recipient after an attempt (O42). */
export type Settlement =
  | { readonly state: 'delivered'; readonly reply: SmtpReply }
  | {
      readonly state: 'bounced'
      readonly refusal: Refusal
      /** `expired`: the time is over; `refusal` has what the remote said last. */
      readonly reason: 'refused' | 'expired'
      readonly reply: SmtpReply
    }
  | { readonly state: 'deferred'; readonly refusal: Refusal; readonly at: Date; readonly rescue: boolean }
  | { readonly state: 'again' }

/** Turns an attempt's result into the recipient's new state: an end with its reason, or the time of the next attempt. */
export function settle(result: RecipientResult, retry: Omit<RetryQuestion, 'greylisted' | 'hintSeconds'>): Settlement {
  switch (result.kind) {
    case 'delivered':
      return { state: 'delivered', reply: result.reply }
    case 'again':
      return { state: 'again' }
    case 'bounced':
      return { state: 'bounced', refusal: result.refusal, reason: 'refused', reply: result.refusal.reply }
    case 'deferred': {
      const { refusal, greylisted, hintSeconds, rescue } = result
      const next = nextAttempt({ ...retry, greylisted, hintSeconds })
      if (next.kind === 'retry') return { state: 'deferred', refusal, at: next.at, rescue }
      return { state: 'bounced', refusal, reason: 'expired', reply: failures.expired.reply }
    }
  }
}
