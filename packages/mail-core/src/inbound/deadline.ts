import { replies } from '../smtp/replies.ts'
import type { Decision } from './types.ts'

/**
 * Absolute limits of a session, in milliseconds and bytes per second. With idle timers alone, one byte a minute would keep a
 * session alive for ever.
 */
export const SESSION_DEADLINES = {
  untilMail: 60_000,
  session: 30 * 60_000,
  dataGrace: 30_000,
  dataBytesPerSecond: 500,
} as const

/** Progress of a session; times in milliseconds on one clock, null until they happen. */
export interface SessionClock {
  readonly now: number
  readonly connectedAt: number
  readonly firstMailAt: number | null
  /** Start of the current DATA, or null between transactions. */
  readonly dataStartedAt: number | null
  readonly dataBytes: number
}

export type DeadlineReason = 'no_mail' | 'session_too_long' | 'data_too_slow'

/** Whether the session is within its absolute deadlines. */
export function decideDeadline(clock: SessionClock): Decision<DeadlineReason> {
  const reason = overdue(clock)
  return reason === null ? { kind: 'accept' } : { kind: 'refuse', reason, reply: replies.tooSlow }
}

function overdue({ now, connectedAt, firstMailAt, dataStartedAt, dataBytes }: SessionClock): DeadlineReason | null {
  const limits = SESSION_DEADLINES
  if (firstMailAt === null && now - connectedAt >= limits.untilMail) return 'no_mail'
  if (now - connectedAt >= limits.session) return 'session_too_long'
  if (dataStartedAt === null) return null
  const elapsed = now - dataStartedAt
  return elapsed >= limits.dataGrace && dataBytes < (elapsed / 1000) * limits.dataBytesPerSecond
    ? 'data_too_slow'
    : null
}
