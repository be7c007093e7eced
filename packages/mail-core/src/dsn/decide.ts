import type { ReversePath } from '../address/index.ts'
import { type DelayQuestion, isDelayNoticeDue } from '../outbound/schedule/index.ts'
import type { RcptParams } from '../smtp/params.ts'

/** What has happened to a recipient's mail that its sender may want to know. */
export type DsnEvent =
  | { readonly kind: 'failed' | 'delivered' | 'expanded' }
  | ({ readonly kind: 'delayed' } & Pick<DelayQuestion, 'since' | 'now' | 'noticeHours' | 'noticed'>)
  /** `passedOn`: the next server offers DSN and was asked for it, so that reporting is its business. */
  | { readonly kind: 'relayed'; readonly passedOn: boolean }

/** The facts for telling a sender. */
export interface DsnQuestion {
  readonly event: DsnEvent
  readonly reversePath: ReversePath
  /** Whether the sender was authenticated by us. Everyone else's address may be forged. */
  readonly authenticated: boolean
  readonly notify: RcptParams['notify']
}

export type DsnSilence = 'null_sender' | 'not_authenticated' | 'notify_never' | 'not_asked' | 'passed_on' | 'not_due'

export type DsnDecision = { readonly tell: true } | { readonly tell: false; readonly reason: DsnSilence }

/**
 * Whether the sender is told (O44–O46). Never about mail from `<>`, so that no DSN answers another (RFC 5321 §6.1), and never a
 * stranger, who may not have sent it.
 */
export function decideDsn({ event, reversePath, authenticated, notify }: DsnQuestion): DsnDecision {
  if (reversePath === null) return silent('null_sender')
  if (!authenticated) return silent('not_authenticated')
  // RFC 3461 §4.1: NEVER is kept even when the mail is lost.
  if (notify?.length === 0) return silent('notify_never')
  // RFC 3461 §4.1: without NOTIFY, failures are told, and delays may be.
  const asked = notify ?? ['failure', 'delay']
  switch (event.kind) {
    case 'failed':
      return asked.includes('failure') ? { tell: true } : silent('not_asked')
    case 'delayed':
      if (!asked.includes('delay')) return silent('not_asked')
      return isDelayNoticeDue({ ...event, notify, nullSender: false }) ? { tell: true } : silent('not_due')
    case 'delivered':
    case 'expanded':
      return asked.includes('success') ? { tell: true } : silent('not_asked')
    case 'relayed':
      if (!asked.includes('success')) return silent('not_asked')
      return event.passedOn ? silent('passed_on') : { tell: true } // RFC 3461 §5.2.2
  }
}

const silent = (reason: DsnSilence): DsnDecision => ({ tell: false, reason })
