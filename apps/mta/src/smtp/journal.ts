import type { RecipientResult } from '@mairust/db/queries/accept'
import {
  type Journey,
  JourneyRecorder,
  type JourneyStatus,
  type JourneyStepKind,
  type JourneyStepResult,
} from '@mairust/mail-core/journey'
import { escapeRemote, formatReply, type SessionFacts, type SmtpReply, statusOf } from '@mairust/mail-core/smtp'
import type { Destination } from './destination.ts'

/** Most refused recipients named, of our tenants and of nobody's each: strangers can name thousands. */
const MAX_REFUSED = 20

/** Records the steps of an open SMTP transaction. */
export class Journal {
  readonly facts: SessionFacts
  readonly #recorder: JourneyRecorder
  readonly #refused = new Map<string, RecipientResult>()
  readonly #named = { ours: 0, foreign: 0 }
  /** Foreign recipients that are not named, and the last one that is: who sees its steps sees how many. */
  #notNamed = 0
  #lastForeign: string | null = null

  constructor(id: string, facts: SessionFacts, now: () => number) {
    this.facts = facts
    const { user, tls, remoteAddress } = facts
    this.#recorder = new JourneyRecorder({ id, direction: user === null ? 'inbound' : 'submission', now })
    this.step('connect', facts.listener, 'info', remoteAddress)
    if (tls !== null) this.step('tls', tls.version, 'ok', tls.cipher)
    if (user !== null) this.step('auth', 'login', 'ok', user.email)
  }

  step(
    kind: JourneyStepKind,
    name: string,
    result: JourneyStepResult,
    detail = '',
    recipient: string | null = null,
  ): void {
    this.#recorder.step(kind, name, result, detail, recipient)
  }

  /** RCPT got 250. */
  accepted({ recipient, deliveries, skipped }: Destination): void {
    const { key } = recipient
    const through = deliveries.filter(({ mailbox }) => mailbox.address !== key)
    this.#recorder.step('rcpt', key, 'ok', through.length === 0 ? '' : `leads to ${through.length} mailboxes`, key)
    // A mailbox's owner sees how the mail reached it, but not who else got it.
    for (const { mailbox, via } of through) {
      const path = via.length === 0 ? key : via.join(' → ')
      this.#recorder.step('rcpt', mailbox.address, 'ok', `through ${path}`, mailbox.address)
    }
    for (const { address, reason } of skipped) {
      this.#recorder.step('rcpt', address, 'skipped', `${reason}, through ${key}`, key)
    }
  }

  /** RCPT was refused; `reason` is the decision's name, `tenantId` null when the address's tenant is unknown. */
  refused(address: string, tenantId: string | null, reply: SmtpReply, reason: string): void {
    const shown = escapeRemote(address, 320)
    const status = statusOf(reply)
    if (!this.#refused.has(shown)) {
      const whose = tenantId === null ? 'foreign' : 'ours'
      if (this.#named[whose] >= MAX_REFUSED) {
        if (tenantId === null) this.#notNamed += 1
        return
      }
      this.#named[whose] += 1
      if (tenantId === null) this.#lastForeign = address
      this.#recorder.step('rcpt', address, status === 'deferred' ? 'deferred' : 'refused', reason, address)
    }
    this.#refused.set(shown, { tenantId, address: shown, status, reply: formatReply(reply), reason })
  }

  /** Refused recipients, each with its last reply. */
  get refusals(): readonly RecipientResult[] {
    return [...this.#refused.values()]
  }

  /** Ends the journey with a final step. */
  finish(status: JourneyStatus, detail: string): Journey {
    if (this.#notNamed > 0)
      this.step('rcpt', 'RCPT', 'refused', `${this.#notNamed} more refusals of foreign recipients`, this.#lastForeign)
    this.#notNamed = 0
    return this.#recorder.finish(status, detail)
  }
}
