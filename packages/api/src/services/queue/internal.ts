import type { Db } from '@mairust/db'
import { type AttemptRow, type DeliveryFilter, findDelivery, type QueuedDelivery } from '@mairust/db/queries/delivery'
import type { DeliveryView } from '@mairust/db/queries/delivery-view'
import { normaliseAddress, parseDomain } from '@mairust/mail-core/address'
import { orNotFound } from '../../errors.ts'
import { wireTime, wireTimeOrNull } from '../../wire/index.ts'
import type { DeliveryDetailWire, DeliveryWire, QueueFilter } from './schemas.ts'

/** The one place where a delivery becomes its wire form. */
export const toDeliveryWire = (row: QueuedDelivery): DeliveryWire => ({
  id: row.id,
  message_id: row.messageIdHeader,
  journey_id: row.journeyId,
  sender: row.sender,
  recipient: row.recipient,
  domain: row.domain,
  state: row.state,
  attempts: row.attempts,
  next_attempt_at: row.state === 'queued' || row.state === 'deferred' ? wireTime(row.nextAttemptAt) : null,
  expires_at: wireTime(row.expiresAt),
  last_reply: orNull(row.lastReply),
  created_at: wireTime(row.createdAt),
})

export const toAttemptWire = (row: AttemptRow): DeliveryDetailWire['history'][number] => ({
  number: row.number,
  started_at: wireTime(row.startedAt),
  ended_at: wireTimeOrNull(row.endedAt),
  result: row.result,
  host: orNull(row.host),
  address: orNull(row.remoteAddress),
  tls: orNull(row.tls),
  reply: orNull(row.reply),
  conversation: orNull(row.conversation),
})

export const orNull = (text: string): string | null => (text === '' ? null : text)

/**
 * Finds a delivery in view.
 * @throws AppError NOT_FOUND
 */
export const requireDelivery = async (db: Db, view: DeliveryView, id: string): Promise<QueuedDelivery> =>
  orNotFound(await findDelivery(db, view, id), 'delivery')

/** A filter in the terms of the queries. */
export const toFilter = ({ state, domain, recipient, sender, journey_id: journeyId }: QueueFilter): DeliveryFilter => ({
  state,
  domain: domain === undefined ? undefined : domainKey(domain),
  recipient: recipient === undefined ? undefined : (normaliseAddress(recipient) ?? recipient.toLowerCase()),
  sender: sender === undefined ? undefined : (normaliseAddress(sender) ?? sender.toLowerCase()),
  journeyId,
})

const domainKey = (text: string): string => {
  const parsed = parseDomain(text)
  return parsed.ok ? parsed.value : text.toLowerCase()
}
