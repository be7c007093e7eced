import type { JourneyInput, RecipientResult } from '@mairust/db/queries/accept'
import { SYSTEM_TENANT } from '@mairust/db/schema'
import { type AddressKey, formatPath } from '@mairust/mail-core/address'
import { type Envelope, withRecipient } from '@mairust/mail-core/envelope'
import { foldStatuses, type JourneyStatus } from '@mairust/mail-core/journey'
import { escapeRemote, formatReply, type SmtpReply, statusOf } from '@mairust/mail-core/smtp'
import type { Destination } from './destination.ts'
import type { Journal } from './journal.ts'

/** Most spellings of one address of ours that are named in any case. */
const MOST_ALIKE = 2

/** One message on its way in so far; with SMTP, from MAIL to its end. */
export interface Transaction {
  /** `jrn_…`, the id of its journey. */
  readonly id: string
  readonly envelope: Envelope
  /** The SIZE declared with MAIL, or null. */
  readonly announcedSize: number | null
  /** By the key of each recipient in the envelope. */
  readonly destinations: ReadonlyMap<AddressKey, Destination>
  readonly journal: Journal
}

/** Why a transaction ended early: what the client did, or the reply with which we ended it. */
export type Ending = string | SmtpReply

/** The transaction with one more accepted recipient. A recipient given twice counts once. */
export function withDestination(transaction: Transaction, destination: Destination): Transaction {
  const { recipient } = destination
  if (!transaction.destinations.has(recipient.key)) transaction.journal.accepted(destination)
  return {
    ...transaction,
    envelope: withRecipient(transaction.envelope, recipient),
    destinations: new Map(transaction.destinations).set(recipient.key, destination),
  }
}

/** The recipients that were refused and not accepted later. */
export function refusalsOf({
  destinations,
  journal,
}: Pick<Transaction, 'destinations' | 'journal'>): RecipientResult[] {
  const accepted = new Set<string>(destinations.keys())
  return journal.refusals.filter(({ address }) => !accepted.has(address))
}

/**
 * The accepted recipients beyond these: subaddresses, what a catch-all takes, and the same in a domain alias. The address of a mailbox
 * or an alias is not one of them, wherever it leads: its sender could tell from what is left out who is behind it.
 */
export function alikeRecipients({ destinations }: Pick<Transaction, 'destinations'>): string[] {
  const times = new Map<string, number>()
  return [...destinations.values()].flatMap(({ recipient: { key }, meant }) => {
    if (meant === key) return []
    const count = times.get(meant) ?? 0
    times.set(meant, count + 1)
    return count >= MOST_ALIKE ? [key] : []
  })
}

/** Whether it got as far as RCPT, and so is worth recording. */
export function hasRecipients({ destinations, journal }: Transaction): boolean {
  return destinations.size > 0 || journal.refusals.length > 0
}

/**
 * The journey of a transaction that ends with the reply sent to the client.
 * @param reason why the whole transaction was refused
 */
export function answered(transaction: Transaction, reply: SmtpReply, reason = ''): JourneyInput {
  return journeyOf(transaction, statusOf(reply), { reply: formatReply(reply), reason, detail: formatReply(reply) })
}

/** The journey of a transaction without a final reply. When all recipients were refused, the last refusal is its reply. */
export function abandoned(transaction: Transaction, ending: Ending): JourneyInput {
  const [status, why] =
    typeof ending === 'string' ? (['aborted', ending] as const) : [statusOf(ending), formatReply(ending)]
  const refusal = transaction.destinations.size === 0 ? transaction.journal.refusals.at(-1) : undefined
  return journeyOf(transaction, status, { reply: refusal?.reply ?? why, reason: '', detail: why })
}

function journeyOf(
  { id, envelope, destinations, journal }: Transaction,
  status: JourneyStatus,
  { reply, reason, detail }: { reply: string; reason: string; detail: string },
): JourneyInput {
  const all = [...destinations.values()]
  // Without a message, a journey costs its sender next to nothing, and us a row for each recipient.
  const accepted = (status === 'accepted' ? all : journal.withoutMessage(all)).map(
    ({ recipient, tenantId, deliveries, isElsewhere, ownerRoles }) => ({
      tenantId,
      address: recipient.key,
      status: isElsewhere && status === 'accepted' ? ('queued' as const) : status,
      reply,
      reason,
      mailboxes: deliveries.map(({ mailbox }) => mailbox.address),
      ownerRoles,
    }),
  )
  const recipients = [...accepted, ...refusalsOf({ destinations, journal })]
  const end = foldStatuses(
    recipients.map((recipient) => recipient.status),
    status,
  )
  const journey = journal.finish(end, detail)
  const { user, remoteAddress, helo } = journal.facts
  return {
    id,
    tenantId: user?.tenantId ?? SYSTEM_TENANT,
    userId: user?.id ?? null,
    direction: journey.direction,
    status: journey.status,
    sender: escapeRemote(formatPath(envelope.reversePath), 320),
    remoteAddress,
    helo: escapeRemote(helo, 255),
    reply,
    reason,
    steps: journey.steps,
    startedAt: journey.startedAt,
    recipients: recipients.filter((recipient) => !journal.isLeftOut(recipient)),
  }
}
