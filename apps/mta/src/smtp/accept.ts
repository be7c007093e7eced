import type { JourneyInput } from '@mairust/db/queries/accept'
import { type Intake, isOutOfSpace, type MessageVerifier, type Part, sizeOf, type StoreFailure } from '@mairust/intake'
import {
  alikeRecipients,
  answered,
  arrivalObjects,
  type QueueingTerms,
  refusalsOf,
  sendingLimits,
  type Transaction,
  type Verdict,
} from '@mairust/intake/transaction'
import { formatPath } from '@mairust/mail-core/address'
import { clientKey, clientNetwork, inNetworks } from '@mairust/mail-core/inbound'
import { TRACE_STAND_IN } from '@mairust/mail-core/message'
import { replies, type SessionFacts, type SmtpReply, withJourney } from '@mairust/mail-core/smtp'
import type { Log } from '@mairust/log'
import type { Acceptance } from './acceptance.ts'
import { applyPolicy } from './authentication.ts'
import type { JourneyBudget } from './journey-budget.ts'
import { internalError, noSpace, overLimit, type Refusal } from './refusal.ts'
import { logTransaction, MAX_NAMED } from './transaction-log.ts'

/** Stores messages and journeys. */
export interface Accept {
  /** Replies 250 only once message and envelope are on stable storage. */
  message(acceptance: Acceptance): Promise<SmtpReply>
  /** Logs a transaction without a message, and stores its journey asynchronously, within the budget. */
  record(journey: JourneyInput): void
}

export interface AcceptOptions {
  readonly intake: Intake
  readonly verifier: Pick<MessageVerifier, 'verify'>
  readonly policy: () => {
    readonly enforce: boolean
    readonly trustedSealers: readonly string[]
    /** Clients whose mail is taken while DNS does not answer. */
    readonly undeferred: readonly string[]
  }
  readonly budget: JourneyBudget
  readonly hostname: () => string
  readonly newMessageId: (receivedAt: Date) => string
  /** For whom mail waits, and how long. */
  readonly queueing: QueueingTerms
  readonly now: () => number
  readonly log: Log
}

const FAILURES: Readonly<Record<StoreFailure, Refusal>> = {
  over_quota: { reply: replies.mailboxFull, reason: 'mailbox_full' },
  too_large: { reply: replies.exceedsQuota, reason: 'exceeds_quota' },
  // Removed or suspended since RCPT; a retry is refused at RCPT.
  no_mailbox: { reply: replies.unexpected, reason: 'mailbox_gone' },
  suspended: { reply: replies.unexpected, reason: 'mailbox_suspended' },
  over_limit: { reply: replies.sendingLimit, reason: 'sending_limit' },
}

/** Prepends the trace fields, hands the message to the intake, and turns the outcome into an SMTP reply. */
export function createAccept(options: AcceptOptions): Accept {
  const { intake, verifier, budget, log, now } = options

  async function store(acceptance: Acceptance): Promise<SmtpReply> {
    const { transaction, facts, clientName, body, unverified, roomFor } = acceptance
    const { id, envelope, journal } = transaction
    const receivedAt = new Date(now())
    // As it is read once it is stored, with our fields in front.
    const index = intake.index([TRACE_STAND_IN, ...body], clientKey(facts.remoteAddress))
    const verdict = unverified === null ? null : await authenticate(transaction, facts, unverified)
    if (verdict !== null && 'reply' in verdict) return refused(transaction, verdict)
    const objects = await arrivalObjects(
      {
        ...acceptance,
        verdict,
        trace: {
          client: {
            helo: facts.helo,
            rdns: clientName,
            ip: facts.remoteAddress,
            esmtp: facts.extended,
            tls: facts.tls !== null,
            authenticated: facts.user !== null,
          },
          by: options.hostname(),
          smtputf8: envelope.smtputf8,
          id,
          date: receivedAt,
        },
      },
      { queueing: options.queueing, newMessageId: options.newMessageId, receivedAt },
    )
    const reply = withJourney(replies.accepted, id)
    leaveOutBeyondBudget(transaction, facts)
    const sizes = objects.map(({ parts }) => parts.reduce((sum, part) => sum + sizeOf(part), 0))
    // As received: what is added in front tells of other recipients.
    const size = body.reduce((sum, part) => sum + sizeOf(part), 0)
    await roomFor(sizes.reduce((sum, each) => sum + each, 0))
    const told = (): JourneyInput => answered(transaction, reply)
    const journey = (): JourneyInput => {
      // How many objects there are would tell a recipient of blind copies.
      journal.step('store', 'blob', 'ok', `${size} bytes`)
      return told()
    }
    const limits = sendingLimits(acceptance, options.queueing.rateLimits())
    const { failure, reached } = await intake.store({ index, objects, limits, journey, receivedAt })
    if (failure === null) {
      logTransaction(log, told(), { size, now: now(), named: MAX_NAMED })
      return reply
    }
    const refusal = reached === undefined ? FAILURES[failure] : overLimit(reached)
    journal.step('store', 'commit', 'refused', refusal.reason)
    return refused(transaction, refusal)
  }

  /** Finds out who sent the message, while it is indexed. What could not be found out for now is tried again. */
  async function authenticate(
    transaction: Transaction,
    { helo, remoteAddress: ip }: SessionFacts,
    body: Part,
  ): Promise<Verdict | Refusal> {
    const hostname = options.hostname()
    const { enforce, trustedSealers, undeferred } = options.policy()
    const session = { ip, helo, reversePath: formatPath(transaction.envelope.reversePath) }
    try {
      const found = await verifier.verify({ body, session, hostname, trustedSealers, now: now() }, clientNetwork(ip))
      return applyPolicy(transaction, found, { hostname, enforce, defers: !inNetworks(ip, undeferred) })
    } catch (error) {
      log.error({ err: error, journey_id: transaction.id, remote_addr: ip }, 'A message could not be verified')
      transaction.journal.step('authentication', 'verification', 'deferred', internalError.reason)
      return internalError
    }
  }

  /** Each copy costs its mailbox quota; other recipients of the message cost their sender nothing, and us rows and lines. */
  function leaveOutBeyondBudget(transaction: Transaction, { user, remoteAddress }: SessionFacts): void {
    const [refused, alike] = [refusalsOf(transaction), alikeRecipients(transaction)]
    if (refused.length + alike.length === 0) return
    const beside = { status: 'accepted', remoteAddress, userId: user?.id ?? null, recipients: [] } as const
    if (budget.take(beside) === 'record') return
    transaction.journal.leaveOut(refused, alike)
  }

  function record(journey: JourneyInput): void {
    const room = budget.take(journey)
    if (room === 'none') return
    const named = room === 'line' ? 1 : MAX_NAMED
    logTransaction(log, journey, { size: null, now: now(), named })
    if (room === 'record') intake.record(journey)
  }

  function refused(transaction: Transaction, { reply, reason }: Refusal): SmtpReply {
    const told = withJourney(reply, transaction.id)
    record(answered(transaction, told, reason))
    return told
  }

  return {
    message: async (acceptance) => {
      try {
        return await store(acceptance)
      } catch (error) {
        const { transaction } = acceptance
        log.error({ err: error, journey_id: transaction.id }, 'A message could not be stored')
        const refusal = isOutOfSpace(error) ? noSpace : internalError
        transaction.journal.step('store', 'storage', 'deferred', refusal.reason)
        return refused(transaction, refusal)
      }
    },
    record,
  }
}
