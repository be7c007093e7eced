import type { StoredAuthentication } from '@mairust/db/schema'
import { type AddressKey, formatPath } from '@mairust/mail-core/address'
import { buildReceived, buildTraceHeaders, type TraceInput } from '@mairust/mail-core/message'
import type { MessageObject } from '../store-objects.ts'
import type { Part } from '../part.ts'
import { planObjects } from '../plan.ts'
import { planOutgoing, type QueueingTerms, type Submitted } from './outgoing.ts'

/** What finding out who sent a message means for its copies. */
export interface Verdict {
  /** Our Authentication-Results field with its CRLF. */
  readonly results: string
  /** Why the copy of a mailbox goes to Junk, or null. */
  readonly junkReason: (mailbox: { readonly address: string }) => string | null
  readonly stored: (junkReason: string | null) => StoredAuthentication
}

/** A message whose recipients are known. */
export interface Arrival extends Submitted {
  readonly body: readonly Part[]
  /** null: our user wrote it. */
  readonly verdict: Verdict | null
  /** What our trace fields tell its recipients. */
  readonly trace: Omit<TraceInput, 'recipients'>
}

export interface ArrivalTools {
  readonly queueing: QueueingTerms
  readonly newMessageId: (receivedAt: Date) => string
  readonly receivedAt: Date
}

/**
 * Plans what is stored of a message, each object with our trace fields in front: those of the mailboxes here, what goes to other
 * servers, and what came back from them.
 * @throws Error when it cannot be signed for now
 */
export async function arrivalObjects(
  arrival: Arrival,
  { queueing, newMessageId, receivedAt }: ArrivalTools,
): Promise<MessageObject[]> {
  const { transaction, body, verdict } = arrival
  const { envelope, destinations } = transaction
  const plan = planObjects(
    [...destinations.values()].map((destination) => ({
      recipient: destination.recipient.key,
      tenantId: destination.tenantId,
      mailboxes: destination.deliveries.map(({ mailbox }) => ({
        id: mailbox.id,
        junkReason: verdict?.junkReason(mailbox),
      })),
    })),
  )
  const delivered = (recipients: readonly AddressKey[]): string =>
    buildTraceHeaders({
      ...arrival.trace,
      recipients,
      reversePath: formatPath(envelope.reversePath),
      results: verdict?.results ?? '',
    })
  const kept = plan.map(({ tenantId, header, junkReason, recipients, mailboxIds }) => ({
    parts: [Buffer.from(delivered(recipients) + header), ...body],
    authentication: verdict?.stored(junkReason) ?? null,
    copies: mailboxIds.map((mailboxId) => ({
      tenantId,
      mailboxId,
      messageId: newMessageId(receivedAt),
      receivedAt,
      folderRole: junkReason === null ? undefined : ('junk' as const),
    })),
  }))
  const sent = (await planOutgoing(arrival, queueing, receivedAt)).map(({ recipients, outgoing }) => ({
    // RFC 5321 §4.4: Return-Path is for the last server to add.
    parts: [Buffer.from(buildReceived({ ...arrival.trace, recipients })), ...body],
    copies: [],
    outgoing: [outgoing],
  }))
  const returned = [...destinations.values()].flatMap(({ recipient: { key }, tenantId, returned: to }) =>
    to === undefined
      ? []
      : [
          {
            parts: [Buffer.from(delivered([key])), ...body],
            authentication: verdict?.stored(verdict.junkReason({ address: to.fallback })) ?? null,
            copies: [],
            returned: { tenantId, address: key, fallback: to.fallback, sender: formatPath(envelope.reversePath) },
          },
        ],
  )
  return [...kept, ...sent, ...returned]
}
