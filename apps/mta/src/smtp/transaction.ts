import type { JourneyInput, RecipientFate } from '@mairust/db/queries/accept'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import { formatPath, type ReversePath } from '@mairust/mail-core/address'
import type { LocalDelivery } from '@mairust/mail-core/inbound'
import {
  JourneyRecorder,
  type JourneyStatus,
  type JourneyStep,
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
/** Refused recipients whose fate is kept. */
const MAX_REFUSED = 1000

/** One SMTP transaction, from MAIL to its end, and the journey that tells of it. */
export class Transaction {
  readonly id: string
  params: MailParams = NO_PARAMS
  reversePath: ReversePath = null
  readonly #facts: SessionFacts
  readonly #recorder: JourneyRecorder
  readonly #accepted = new Map<string, { readonly recipient: AcceptedRecipient; readonly step: JourneyStep }>()
  readonly #refused = new Map<string, RecipientFate>()

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
    return [...this.#accepted.values()].map(({ recipient }) => recipient)
  }

  /** How many recipients there would be with this one. */
  countWith(key: string): number {
    return this.#accepted.size + (this.#accepted.has(key) ? 0 : 1)
  }

  /** Whether anything has happened that is worth telling. */
  get told(): boolean {
    return this.#accepted.size > 0 || this.#refused.size > 0
  }

  step(kind: JourneyStepKind, name: string, result: JourneyStepResult, detail = ''): void {
    this.#recorder.step(kind, name, result, detail)
  }

  /** RCPT was answered 250. A recipient given twice counts once. */
  accept(recipient: AcceptedRecipient): void {
    const step = this.#recorder.make('rcpt', recipient.key, 'ok', viaText(recipient))
    this.#accepted.set(recipient.key, { recipient, step })
  }

  /** RCPT was refused; `reason` is the decision's name. */
  refuse(address: string, tenantId: string | null, reply: SmtpReply, reason: string): void {
    const shown = escapeRemote(address, 320)
    if (this.#refused.size >= MAX_REFUSED) return
    const status = statusOf(reply)
    const step = this.#recorder.make('rcpt', address, status === 'deferred' ? 'deferred' : 'refused', reason)
    const fate = {
      tenantId: tenantId ?? SYSTEM_TENANT,
      address: shown,
      status,
      reply: formatReply(reply),
      steps: [step],
    }
    this.#refused.set(shown, fate)
  }

  /** The journey, ended with the reply that went to the client. */
  answered(reply: SmtpReply): JourneyInput {
    return this.#end(statusOf(reply), formatReply(reply))
  }

  /** The journey of a transaction that its client gave up. */
  abandoned(why: string): JourneyInput {
    return this.#end('aborted', why)
  }

  #end(status: JourneyStatus, reply: string): JourneyInput {
    const accepted = [...this.#accepted.values()].map(({ recipient, step }) => ({
      tenantId: recipient.tenantId,
      address: recipient.key,
      status,
      reply,
      steps: [step],
    }))
    const refused = [...this.#refused.values()].filter(({ address }) => !this.#accepted.has(address))
    const recipients = [...accepted, ...refused]
    const [first = status, ...others] = new Set(recipients.map((fate) => fate.status))
    const journey = this.#recorder.finish(others.length === 0 ? first : 'partial', reply)
    return {
      id: this.id,
      tenantId: this.#facts.user?.tenantId ?? SYSTEM_TENANT,
      direction: journey.direction,
      status: journey.status,
      sender: escapeRemote(formatPath(this.reversePath), 320),
      remoteAddress: this.#facts.remoteAddress,
      helo: escapeRemote(this.#facts.helo, 255),
      reply,
      steps: journey.steps,
      startedAt: journey.startedAt,
      recipients,
    }
  }
}

/** How aliases led to the mailboxes. */
function viaText({ deliveries }: AcceptedRecipient): string {
  return deliveries.map(({ mailbox, via }) => [...via, mailbox.address].join(' → ')).join(', ')
}
