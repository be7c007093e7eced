import type { JourneyInput, RecipientResult } from '@mairust/db/queries/accept'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import { formatPath, type ReversePath } from '@mairust/mail-core/address'
import type { LocalDelivery } from '@mairust/mail-core/inbound'
import {
  foldStatuses,
  JourneyRecorder,
  type JourneyStatus,
  type JourneyStepKind,
  type JourneyStepResult,
} from '@mairust/mail-core/journey'
import {
  escapeRemote,
  formatReply,
  type MailParams,
  type SessionFacts,
  type SmtpReply,
  statusOf,
} from '@mairust/mail-core/smtp'

/** A recipient that was answered 250. */
export interface AcceptedRecipient {
  /** Comparison key of the address as given. */
  readonly key: string
  readonly tenantId: string
  readonly deliveries: readonly LocalDelivery[]
}

const NO_PARAMS: MailParams = { size: null, body: '7bit', smtputf8: false, ret: null, envid: null }
/** Refused recipients that are kept. */
const MAX_REFUSED = 1000

/** Why a transaction ended before DATA: what the client did, or the reply with which we ended it. */
export type Ending = string | SmtpReply

/** One SMTP transaction, from MAIL to its end, and the journey that tells of it. */
export class Transaction {
  readonly id: string
  params: MailParams = NO_PARAMS
  reversePath: ReversePath = null
  readonly #facts: SessionFacts
  readonly #recorder: JourneyRecorder
  readonly #accepted = new Map<string, AcceptedRecipient>()
  readonly #refused = new Map<string, RecipientResult>()

  constructor(id: string, facts: SessionFacts, now: () => number) {
    this.id = id
    this.#facts = facts
    const { user, tls, remoteAddress } = facts
    this.#recorder = new JourneyRecorder({ id, direction: user === null ? 'inbound' : 'submission', now })
    this.step('connect', facts.listener, 'info', remoteAddress)
    if (tls !== null) this.step('tls', tls.version, 'ok', tls.cipher)
    if (user !== null) this.step('auth', 'login', 'ok', user.email)
  }

  get accepted(): readonly AcceptedRecipient[] {
    return [...this.#accepted.values()]
  }

  /** How many recipients there would be with this one. */
  countWith(key: string): number {
    return this.#accepted.size + (this.#accepted.has(key) ? 0 : 1)
  }

  /** Whether it came so far that it is worth telling of. */
  get hasRecipients(): boolean {
    return this.#accepted.size > 0 || this.#refused.size > 0
  }

  step(kind: JourneyStepKind, name: string, result: JourneyStepResult, detail = ''): void {
    this.#recorder.step(kind, name, result, detail)
  }

  /** RCPT was answered 250. A recipient given twice counts once. */
  accept(recipient: AcceptedRecipient): void {
    const { key, deliveries } = recipient
    const isNew = !this.#accepted.has(key)
    this.#accepted.set(key, recipient)
    if (!isNew) return
    const through = deliveries.filter(({ mailbox }) => mailbox.address !== key)
    this.#recorder.step('rcpt', key, 'ok', through.length === 0 ? '' : `leads to ${through.length} mailboxes`, key)
    // Whoever owns one of them sees how mail came to it, and not who else got it.
    for (const { mailbox, via } of through) {
      const path = via.length === 0 ? key : via.join(' → ')
      this.#recorder.step('rcpt', mailbox.address, 'ok', `through ${path}`, mailbox.address)
    }
  }

  /** RCPT was refused; `reason` is the decision's name, `tenantId` null when it is not known whose the address is. */
  refuse(address: string, tenantId: string | null, reply: SmtpReply, reason: string): void {
    const shown = escapeRemote(address, 320)
    if (this.#refused.size >= MAX_REFUSED) return
    const status = statusOf(reply)
    if (!this.#refused.has(shown)) {
      this.#recorder.step('rcpt', address, status === 'deferred' ? 'deferred' : 'refused', reason, address)
    }
    this.#refused.set(shown, { tenantId, address: shown, status, reply: formatReply(reply), reason })
  }

  /**
   * The journey, ended with the reply that went to the client.
   * @param reason name of what refused the whole transaction
   */
  answered(reply: SmtpReply, reason = ''): JourneyInput {
    return this.#end(statusOf(reply), formatReply(reply), { reason, detail: formatReply(reply) })
  }

  /** The journey of a transaction that ended before it was answered. One whose recipients were all refused was answered by that. */
  abandoned(ending: Ending): JourneyInput {
    const why = typeof ending === 'string' ? ending : formatReply(ending)
    const refusal = this.#accepted.size === 0 ? [...this.#refused.values()].at(-1) : undefined
    return this.#end(typeof ending === 'string' ? 'aborted' : statusOf(ending), refusal?.reply ?? why, {
      reason: '',
      detail: why,
    })
  }

  #end(status: JourneyStatus, reply: string, { reason, detail }: { reason: string; detail: string }): JourneyInput {
    const accepted = [...this.#accepted.values()].map(({ key, tenantId, deliveries }) => ({
      tenantId,
      address: key,
      status,
      reply,
      reason,
      mailboxes: deliveries.map(({ mailbox }) => mailbox.address),
    }))
    const refused = [...this.#refused.values()].filter(({ address }) => !this.#accepted.has(address))
    const recipients = [...accepted, ...refused]
    const statuses = recipients.map((recipient) => recipient.status)
    const journey = this.#recorder.finish(foldStatuses(statuses, status), detail)
    return {
      id: this.id,
      tenantId: this.#facts.user?.tenantId ?? SYSTEM_TENANT,
      userId: this.#facts.user?.id ?? null,
      direction: journey.direction,
      status: journey.status,
      sender: escapeRemote(formatPath(this.reversePath), 320),
      remoteAddress: this.#facts.remoteAddress,
      helo: escapeRemote(this.#facts.helo, 255),
      reply,
      reason,
      steps: journey.steps,
      startedAt: journey.startedAt,
      recipients,
    }
  }
}
