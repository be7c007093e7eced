import { createApartId, createId, type Db } from '@mairust/db'
import { type AcceptFailure, acceptMessages } from '@mairust/db/queries/accept'
import { listDeliveries } from '@mairust/db/queries/delivery'
import type { DeliveryState } from '@mairust/db/schema'
import { storeObjects } from '@mairust/intake'
import { answered, arrivalObjects, limitText, sendingLimits, type Transaction } from '@mairust/intake/transaction'
import { replies, withJourney } from '@mairust/mail-core/smtp'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError, invalidField } from '../../errors.ts'
import type { Handed } from './handed.ts'
import { openTransaction } from './open-transaction.ts'
import type { SentStatus, SentWire } from './schemas.ts'

/** A message whose objects are on stable storage, and have no rows yet. */
export interface HandedIn {
  readonly blobKeys: readonly string[]
  /** `msg_…` */
  readonly id: string
  /**
   * Takes the message in the given transaction: copies for the mailboxes here, deliveries for the others, and its journey.
   * @throws AppError RATE_LIMITED, VALIDATION_ERROR, CONFLICT
   */
  readonly accept: (tx: Db) => Promise<SentWire>
}

/** Signs a message and writes what is stored of it, so that all that remains is one transaction. */
export const handIn = async (ctx: ServiceContext, handed: Handed): Promise<HandedIn> => {
  const { message, sender, saveCopy } = handed
  const receivedAt = ctx.now()
  const [header, body, blind] = [message.header, message.body, message.blind].map(asBuffer)
  if (header === undefined || body === undefined || blind === undefined) throw new Error('A message has all its parts')
  const transaction = openTransaction(ctx, handed, header.length + body.length)
  const submitted = {
    transaction,
    unsigned: { domain: message.authors[0].domain, header, body },
    eightBit: message.eightBit,
  }
  const { server, outbound } = ctx.config
  const planned = await arrivalObjects(
    {
      ...submitted,
      body: [header, body],
      verdict: null,
      trace: {
        client: null,
        by: server.hostname,
        smtputf8: transaction.envelope.smtputf8,
        id: transaction.id,
        date: receivedAt,
      },
    },
    {
      queueing: ctx.queueing(ctx.config),
      newMessageId: (at) => createApartId('msg', at),
      receivedAt,
    },
  )
  const id = createId('msg')
  const own = {
    parts: [blind, header, body],
    index: message.ownIndex,
    copies: [
      {
        tenantId: sender.user.tenantId,
        mailboxId: sender.mailboxId,
        messageId: id,
        receivedAt,
        folderRole: 'sent' as const,
        seen: true,
      },
    ],
  }
  const objects = await storeObjects(ctx, [...planned, ...(saveCopy ? [own] : [])], message.index, receivedAt)
  transaction.journal.step('store', 'blob', 'ok', `${header.length + body.length} bytes`)
  return {
    blobKeys: objects.map(({ blobKey }) => blobKey),
    id,
    accept: async (tx) => {
      const journey = answered(transaction, withJourney(replies.accepted, transaction.id))
      const limits = sendingLimits(submitted, outbound.rate_limits)
      const { failures } = await acceptMessages(tx, [{ journey, objects, limits }], ctx.changes)
      const [failure] = failures
      if (failure !== undefined) throw refusalOf(failure, handed, receivedAt)
      return toSentWire(tx, ctx, { id, messageId: message.index.messageId, transaction })
    },
  }
}

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, byteLength)

const toSentWire = async (
  tx: Db,
  ctx: ServiceContext,
  { id, messageId, transaction }: { id: string; messageId: string | null; transaction: Transaction },
): Promise<SentWire> => {
  const { destinations, id: journeyId } = transaction
  const rows = await listDeliveries(tx, scopeOf(ctx), { journeyId }, { limit: Math.max(destinations.size, 1) })
  const deliveries = new Map(rows.map((row) => [row.address, row]))
  const recipients = [...destinations.keys()].map((address) => {
    const delivery = deliveries.get(address)
    const status = statusOf(delivery?.state)
    return { address, status, delivery_id: delivery?.id ?? null }
  })
  const [first = 'queued', ...others] = new Set(recipients.map(({ status }) => status))
  return {
    id,
    message_id: messageId,
    journey_id: journeyId,
    status: others.length === 0 ? first : 'partial',
    recipients,
  }
}

/** `undefined`: it has no delivery, and is here. */
const statusOf = (state: DeliveryState | undefined): SentStatus => {
  if (state === undefined) return 'delivered'
  return state === 'suppressed' ? state : 'queued'
}

const refusalOf = ({ reason, mailboxId, reached }: AcceptFailure, { recipients }: Handed, now: Date): AppError => {
  if (reached !== undefined) {
    const retryAfter = Math.max(1, Math.ceil((reached.resetAt.getTime() - now.getTime()) / 1000))
    return new AppError('RATE_LIMITED', `${limitText(reached)}.`, { retryAfter })
  }
  const to = recipients.find(({ destination }) =>
    destination.deliveries.some(({ mailbox }) => mailbox.id === mailboxId),
  )
  if (to !== undefined) return invalidField(to.field, `${to.destination.recipient.key}: ${WORDS[reason]}`)
  return new AppError('CONFLICT', `The copy for Sent cannot be kept: the mailbox ${WORDS[reason]}.`)
}

const WORDS: Readonly<Record<AcceptFailure['reason'], string>> = {
  over_quota: 'is full',
  too_large: 'may not hold so large a message',
  no_mailbox: 'was removed',
  suspended: 'is suspended',
  over_limit: 'has sent to as many recipients as it may for now',
}
