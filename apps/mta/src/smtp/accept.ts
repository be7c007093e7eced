import { isDiskFull } from '@mairust/db'
import { blobKey, BlobStoreFullError, type BlobStore } from '@mairust/db/blob'
import type { AcceptFailure, AcceptItem, JourneyInput } from '@mairust/db/queries/accept'
import { formatPath } from '@mairust/mail-core/address'
import { buildTraceHeaders } from '@mairust/mail-core/message'
import { replies, type SessionFacts, type SmtpReply, withJourney } from '@mairust/mail-core/smtp'
import type { Log } from '@mairust/log'
import type { MessageIndexer } from '../message-index.ts'
import type { Committer } from './committer.ts'
import { internalError, noSpace, type Refusal } from './refusal.ts'
import { joined, type Part } from './source.ts'
import { logTransaction } from './transaction-log.ts'
import type { Transaction } from './transaction.ts'

/** A message that may be kept. */
export interface Acceptance {
  readonly transaction: Transaction
  readonly facts: SessionFacts
  readonly clientName: string | null
  readonly body: readonly Part[]
}

/** Keeps messages and journeys. */
export interface Accept {
  /** Answers 250 only when message and envelope are on stable storage (docs: the order is the promise). */
  message(acceptance: Acceptance): Promise<SmtpReply>
  /** Keeps the journey of a transaction that left no message, some time soon. */
  record(journey: JourneyInput): void
}

/** What the committer answers for one item: null when it is stored. */
export type CommitOutcome = { readonly failure: AcceptFailure['reason'] | null }

export interface AcceptOptions {
  readonly blobs: BlobStore
  readonly indexer: MessageIndexer
  readonly committer: Committer<AcceptItem, CommitOutcome, JourneyInput>
  readonly hostname: () => string
  readonly newMessageId: () => string
  readonly now: () => number
  readonly log: Log
}

const FAILURES: Readonly<Record<AcceptFailure['reason'], Refusal>> = {
  over_quota: { reply: replies.mailboxFull, reason: 'mailbox_full' },
  too_large: { reply: replies.exceedsQuota, reason: 'exceeds_quota' },
  // Removed or suspended between RCPT and now; the next attempt is told at RCPT.
  no_mailbox: { reply: replies.unexpected, reason: 'mailbox_gone' },
  suspended: { reply: replies.unexpected, reason: 'mailbox_suspended' },
}

/** Makes the one place that commits messages. */
export function createAccept(options: AcceptOptions): Accept {
  const { blobs, indexer, committer, log, now } = options

  /** Blob first, row second: an orphan blob is harmless, a row without its blob is lost mail. */
  async function store({ transaction, facts, clientName, body }: Acceptance): Promise<SmtpReply> {
    const receivedAt = new Date(now())
    const trace = buildTraceHeaders({
      reversePath: formatPath(transaction.reversePath),
      helo: facts.helo,
      rdns: clientName,
      ip: facts.remoteAddress,
      by: options.hostname(),
      esmtp: facts.extended,
      tls: facts.tls !== null,
      authenticated: facts.user !== null,
      smtputf8: transaction.params.smtputf8,
      id: transaction.id,
      recipients: transaction.accepted.map(({ key }) => key),
      date: receivedAt,
    })
    const parts = [Buffer.from(trace), ...body]
    const key = blobKey(receivedAt)
    const [blob, index] = await both(blobs.put(key, joined(parts)), indexer.index(parts))
    const reply = withJourney(replies.accepted, transaction.id)
    const mailboxes = new Map(
      transaction.accepted.flatMap(({ deliveries }) => deliveries.map(({ mailbox }) => [mailbox.id, mailbox])),
    )
    transaction.step('store', 'blob', 'ok', `${blob.size} bytes`)
    const journey = transaction.answered(reply)
    const outcome = await committer.add({
      journey,
      copies: [...mailboxes.values()].map(({ id, tenantId }) => ({
        tenantId,
        mailboxId: id,
        messageId: options.newMessageId(),
        receivedAt,
      })),
      blobKey: key,
      size: blob.size,
      sha256: blob.sha256,
      index,
    })
    if (outcome.failure === null) {
      logTransaction(log, journey, { size: blob.size, now: now() })
      return reply
    }
    // Nothing refers to the object: the commit has said so.
    await blobs.delete(key).catch((error: unknown) => log.warn({ err: error }, 'A refused object stays until pruning'))
    const refusal = FAILURES[outcome.failure]
    transaction.step('store', 'commit', 'refused', refusal.reason)
    return refused(transaction, refusal)
  }

  function record(journey: JourneyInput): void {
    logTransaction(log, journey, { size: null, now: now() })
    committer.note(journey)
  }

  function refused(transaction: Transaction, { reply, reason }: Refusal): SmtpReply {
    const told = withJourney(reply, transaction.id)
    record(transaction.answered(told, reason))
    return told
  }

  return {
    message: async (acceptance) => {
      try {
        return await store(acceptance)
      } catch (error) {
        const { transaction } = acceptance
        const full = error instanceof BlobStoreFullError || isDiskFull(error)
        log.error({ err: error, journey_id: transaction.id }, 'A message could not be stored')
        const refusal = full ? noSpace : internalError
        transaction.step('store', 'storage', 'deferred', refusal.reason)
        return refused(transaction, refusal)
      }
    },
    record,
  }
}

/** Waits for both even when one fails, so that nothing runs on after the answer. */
async function both<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second])
  if (a.status === 'rejected') throw a.reason
  if (b.status === 'rejected') throw b.reason
  return [a.value, b.value]
}
