import type { RecipientResult } from '@mairust/db/queries/accept'
import { inSteps, type Journey, JourneyRecorder, type JourneyStatus, UNNAMED } from '@mairust/mail-core/journey'
import { formatReply, type SessionFacts, type SmtpReply, statusOf } from '@mairust/mail-core/smtp'
import type { Destination } from './destination.ts'

/** Most refused recipients that a transaction names, of our tenants and of nobody's each: strangers can name thousands. */
const MAX_REFUSED = 20
/** Most recipients without a message that a transaction names; the others are counted. */
const MAX_NAMED = 50
/** The same of all transactions of a connection. Beyond it, a transaction still names one: its reply told of a journey. */
const MAX_NAMED_ON_CONNECTION = 200

/** Accepted recipients of which steps tell where they lead, and most of these for mailboxes and for skipped targets of each. */
const MAX_TRACED = 20
const MAX_BEHIND = 10

/** The steps that count recipients that are not named. */
const MORE = [
  { kind: 'accepted', result: 'info', words: 'more got no message' },
  { kind: 'alike', result: 'ok', words: 'more were accepted as spellings of these' },
  { kind: 'refused', result: 'refused', words: 'more were refused' },
  { kind: 'overLimit', result: 'deferred', words: 'more over the limit' },
] as const
type More = Readonly<Record<(typeof MORE)[number]['kind'], number>>
const NO_MORE: More = { accepted: 0, alike: 0, refused: 0, overLimit: 0 }

/** Whose a refused recipient is: the tenant is null, and the roles of its owners undefined, when it was not looked up. */
type Whose = Pick<RecipientResult, 'tenantId' | 'ownerRoles'>

/** How many recipients without a message the journeys of a connection name. */
export interface Named {
  count: number
}

/** Where a message comes in, and who submits it. */
export interface Origin extends Pick<SessionFacts, 'remoteAddress' | 'helo' | 'tls'> {
  readonly listener: string
  /** null: nobody of ours. */
  readonly user: Pick<NonNullable<SessionFacts['user']>, 'id' | 'tenantId' | 'email'> | null
}

/** Records the steps of an open transaction. */
export class Journal {
  readonly facts: Origin
  readonly #recorder: JourneyRecorder
  readonly #named: Named
  readonly #refused = new Map<string, RecipientResult>()
  readonly #refusals = { ours: 0, foreign: 0 }
  /** Foreign recipients that are not named, and the last one that is: who sees its steps sees how many. */
  #notNamed = 0
  #lastForeign: string | null = null
  #namesOverLimit = false
  /** Recipients that are only counted. */
  #more = NO_MORE
  #accepted = 0
  readonly #leftOut = new Set<string>()

  constructor(id: string, facts: Origin, { now, named }: { now: () => number; named: Named }) {
    this.facts = facts
    this.#named = named
    const { user, tls, remoteAddress } = facts
    this.#recorder = new JourneyRecorder({ id, direction: user === null ? 'inbound' : 'submission', now })
    this.step('connect', facts.listener, 'info', remoteAddress)
    if (tls !== null) this.step('tls', tls.version, 'ok', tls.cipher)
    if (user !== null) this.step('auth', 'login', 'ok', user.email)
  }

  step(...step: Parameters<JourneyRecorder['step']>): void {
    this.#recorder.step(...step)
  }

  /** RCPT got 250. */
  accepted({ recipient, deliveries, skipped }: Destination): void {
    const { key } = recipient
    this.#recorder.step('rcpt', key, 'ok', '', key)
    this.#accepted += 1
    // Which recipients have such steps must not depend on where they lead.
    if (this.#accepted <= MAX_TRACED) this.#trace(key, deliveries, skipped)
  }

  /** Tells where a recipient leads. A mailbox's owner sees how the mail reached it, but not who else got it. */
  #trace(key: string, deliveries: Destination['deliveries'], skipped: Destination['skipped']): void {
    const through = deliveries.filter(({ mailbox }) => mailbox.address !== key)
    for (const { mailbox, via } of through.slice(0, MAX_BEHIND)) {
      const path = via.length === 0 ? key : via.join(' → ')
      const { address, ownerRole } = mailbox
      this.#recorder.step('rcpt', address, 'ok', `through ${path}`, address, { through: key, ownerRole })
    }
    const behind = { through: key, ownerRole: null }
    for (const { address, reason } of skipped.slice(0, MAX_BEHIND)) {
      this.#recorder.step('rcpt', address, 'skipped', `${reason}, through ${key}`, key, behind)
    }
    const more = [through, skipped].reduce((sum, { length }) => sum + Math.max(0, length - MAX_BEHIND), 0)
    if (more > 0) this.#recorder.step('rcpt', 'more mailboxes', 'info', `${more} more behind ${key}`, key, behind)
  }

  /** RCPT was refused; `reason` is the decision's name. */
  refused(address: string, { tenantId, ownerRoles }: Whose, reply: SmtpReply, reason: string): void {
    const shown = inSteps(address)
    const status = statusOf(reply)
    if (!this.#refused.has(shown)) {
      const isOver = reason === 'too_many_recipients'
      const whose = tenantId === null ? 'foreign' : 'ours'
      // A client may name any number over the limit: the first stands for all.
      if ((isOver && this.#namesOverLimit) || this.#refusals[whose] >= MAX_REFUSED || this.#room === 0) {
        if (whose === 'foreign' && !isOver && this.#lastForeign !== null) this.#notNamed += 1
        else this.#count(isOver ? 'overLimit' : 'refused', 1)
        return
      }
      this.#namesOverLimit ||= isOver
      this.#refusals[whose] += 1
      if (whose === 'foreign') this.#lastForeign = address
      this.#named.count += 1
      this.#recorder.step('rcpt', address, status === 'deferred' ? 'deferred' : 'refused', reason, address)
    }
    this.#refused.set(shown, { tenantId, address: shown, status, reply: formatReply(reply), reason, ownerRoles })
  }

  /** How many more recipients without a message may be named. */
  get #room(): number {
    const named = this.#refused.size
    return Math.max(named === 0 ? 1 : 0, Math.min(MAX_NAMED - named, MAX_NAMED_ON_CONNECTION - this.#named.count))
  }

  #count(kind: keyof More, count: number): void {
    this.#more = { ...this.#more, [kind]: this.#more[kind] + count }
  }

  /** Those of the accepted recipients that are named although there is no message; the others are counted, and their steps dropped. */
  withoutMessage(accepted: readonly Destination[]): readonly Destination[] {
    const room = Math.max(1, this.#room)
    const [some, others] = [accepted.slice(0, room), accepted.slice(room)]
    this.#named.count += some.length
    this.#count('accepted', others.length)
    for (const { recipient } of others) this.#leftOut.add(inSteps(recipient.key))
    return some
  }

  /** Refused recipients, each with its last reply. */
  get refusals(): readonly RecipientResult[] {
    return [...this.#refused.values()]
  }

  /** Only counts these refusals and accepted recipients: their steps are dropped. */
  leaveOut(refused: readonly RecipientResult[], alike: readonly string[]): void {
    for (const { address } of refused) this.#leftOut.add(address)
    for (const address of alike) this.#leftOut.add(inSteps(address))
    // Foreign ones are no concern of the tenants, unless one's user sends the mail.
    const ours = refused.filter(({ tenantId }) => tenantId !== null)
    this.#count('refused', this.facts.user === null ? ours.length : refused.length + this.#notNamed)
    this.#notNamed = 0
    this.#count('alike', alike.length)
  }

  isLeftOut({ address }: RecipientResult): boolean {
    return this.#leftOut.has(address) || this.#leftOut.has(inSteps(address))
  }

  /** Ends the journey with a final step, after those that count the recipients that are not named. */
  finish(status: JourneyStatus, detail: string): Journey {
    if (this.#notNamed > 0)
      this.step('rcpt', 'RCPT', 'refused', `${this.#notNamed} more refusals of foreign recipients`, this.#lastForeign)
    this.#notNamed = 0
    for (const { kind, result, words } of MORE) {
      const count = this.#more[kind]
      if (count > 0) this.#recorder.step('rcpt', 'more recipients', result, `${count} ${words}`, UNNAMED)
    }
    this.#more = NO_MORE
    return this.#recorder.finish(status, detail, this.#leftOut)
  }
}
