import type { Config } from '@mairust/config'
import type { ReachedLimit, SendingLimit } from '@mairust/db/queries/accept'
import { replies, smtpReply } from '@mairust/mail-core/smtp'
import type { Acceptance } from './acceptance.ts'
import type { Refusal } from './refusal.ts'

export type RateLimits = Config['outbound']['rate_limits']

/** What bounds the recipients elsewhere of a user's message. */
export function sendingLimits(
  { facts: { user }, transaction: { envelope }, unsigned }: Acceptance,
  { per_user, per_domain }: RateLimits,
): SendingLimit[] {
  if (user === null) return []
  const domain = envelope.reversePath?.domain ?? unsigned?.domain
  const all: SendingLimit[] = [
    { scope: 'user', subject: user.id, period: 'hour', limit: per_user.hourly },
    { scope: 'user', subject: user.id, period: 'day', limit: per_user.daily },
    ...(domain === undefined
      ? []
      : [{ scope: 'domain' as const, subject: domain, period: 'hour' as const, limit: per_domain.hourly }]),
  ]
  return all.filter(({ limit }) => limit > 0)
}

/** The refusal of a message that exceeds a limit: which one, what is left of it, and when it begins anew. */
export function overLimit({ scope, period, limit, left, resetAt }: ReachedLimit): Refusal {
  const whose = scope === 'user' ? 'You' : 'Your domain'
  const text = `${whose} may send to ${limit} recipients a${period === 'hour' ? 'n hour' : ' day'}, and ${left} are left; try again after ${clock(resetAt)}`
  const { code, enhanced } = replies.sendingLimit
  return { reply: smtpReply(code, enhanced, text), reason: 'sending_limit' }
}

/** As in `2026-11-01 11:00 UTC`. */
const clock = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
