import type { Notify } from '../../smtp/params.ts'

const HOUR = 3_600_000

/** A bounce is tried for a day at most: whoever should read it has given a false address, or none (Postfix bounce_queue_lifetime). */
export const BOUNCE_LIFETIME_HOURS = 24

/** The facts for how long mail is tried. */
export interface LifetimeQuestion {
  /** When the message was accepted, or came due. */
  readonly since: Date
  /** `queue.lifetime_hours`. */
  readonly lifetimeHours: number
  /** Whether the reverse-path is `<>` (RFC 5321 §4.5.5). */
  readonly nullSender: boolean
  /** The sender's own limit for this message. */
  readonly expires: Date | null
}

/** When mail is given back as undeliverable: after its lifetime, a bounce after a day, or earlier if its sender said so (O39). */
export function expiryOf({ since, lifetimeHours, nullSender, expires }: LifetimeQuestion): Date {
  const hours = nullSender ? Math.min(lifetimeHours, BOUNCE_LIFETIME_HOURS) : lifetimeHours
  const end = since.getTime() + hours * HOUR
  return new Date(Math.min(end, expires?.getTime() ?? end))
}

/** The facts for telling a sender that mail is late. */
export interface DelayQuestion {
  readonly since: Date
  readonly now: Date
  /** `queue.delay_notice_hours`. */
  readonly noticeHours: number
  /** What the sender asked for (RFC 3461 §4.1); null: nothing, and then we do tell. */
  readonly notify: readonly Notify[] | null
  readonly nullSender: boolean
  /** Whether it has been told already: it is told once (O46). */
  readonly noticed: boolean
}

/** Whether the sender is to be told now that the mail is late. */
export function isDelayNoticeDue({ since, now, noticeHours, notify, nullSender, noticed }: DelayQuestion): boolean {
  const wanted = notify === null || notify.includes('delay')
  return wanted && !nullSender && !noticed && now.getTime() - since.getTime() >= noticeHours * HOUR
}

/** The facts for taking repeated 4yz as final. */
export interface FinalQuestion {
  /** The setting; off unless the operator chose it (O40). */
  readonly enabled: boolean
  /** Replies of class `recipient_unknown` in a row, with 4yz. */
  readonly count: number
  readonly firstAt: Date
  readonly now: Date
}

/** Whether «unknown for now» has been said often and long enough to be believed (O40): three times over a day. */
export function isProvenFinal({ enabled, count, firstAt, now }: FinalQuestion): boolean {
  return enabled && count >= 3 && now.getTime() - firstAt.getTime() >= 24 * HOUR
}
