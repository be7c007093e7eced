import type { ReachedLimit, SendingLimit } from '@mairust/db/queries/accept'
import type { RateLimits, Submitted } from './outgoing.ts'

/** What bounds the recipients elsewhere of a user's message. */
export function sendingLimits(
  { transaction: { envelope, journal }, unsigned }: Pick<Submitted, 'transaction' | 'unsigned'>,
  { per_user, per_domain }: RateLimits,
): SendingLimit[] {
  const { user } = journal.facts
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

/** What to tell the sender of a message that exceeds a limit: which one, what is left of it, and when it begins anew. */
export function limitText({ scope, period, limit, left, resetAt }: ReachedLimit): string {
  const whose = scope === 'user' ? 'You' : 'Your domain'
  return `${whose} may send to ${limit} recipients a${period === 'hour' ? 'n hour' : ' day'}, and ${left} are left; try again after ${clock(resetAt)}`
}

/** As in `2026-11-01 11:00 UTC`. */
const clock = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`
