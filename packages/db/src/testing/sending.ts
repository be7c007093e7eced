import { createId } from '../id.ts'
import type { AcceptDelivery, AcceptItem, AcceptOutgoing } from '../queries/accept.ts'
import type { ClaimedDelivery } from '../queries/delivery-claim.ts'
import type { AttemptOutcome } from '../queries/delivery-settle.ts'
import { makeItem } from './accept-item.ts'

/** What a test specifies of an outgoing message; `at` is when its deliveries are due. */
export interface OutgoingOverrides {
  readonly at?: Date
  readonly delivery?: Partial<AcceptDelivery>
  readonly outgoing?: Partial<Omit<AcceptOutgoing, 'deliveries'>>
  readonly journey?: Partial<AcceptItem['journey']>
}

/** A submitted message of a tenant for recipients elsewhere, and nobody here. */
export function makeOutgoing(
  tenantId: string,
  recipients: readonly string[],
  given: OutgoingOverrides = {},
): AcceptItem {
  const { at = new Date(), delivery, outgoing, journey } = given
  const item = makeItem({ tenantId, id: '' }, { copy: { receivedAt: at } })
  const [object] = item.objects
  if (object === undefined) throw new Error('an item has an object')
  const deliveries = recipients.map((recipient) => ({
    id: createId('dlv'),
    recipient,
    address: recipient,
    domain: recipient.slice(recipient.lastIndexOf('@') + 1),
    notify: null,
    orcpt: null,
    nextAttemptAt: at,
    expiresAt: new Date(at.getTime() + 5 * 86_400_000),
    ...delivery,
  }))
  const message: AcceptOutgoing = {
    tenantId,
    id: createId('out'),
    userId: null,
    header: '',
    returnPath: 'sender@example.net',
    sender: 'sender@example.net',
    eightBit: false,
    smtpUtf8: false,
    ret: null,
    envid: null,
    ...outgoing,
    deliveries,
  }
  return {
    journey: {
      ...item.journey,
      tenantId,
      direction: 'submission',
      status: 'queued',
      recipients: recipients.map((address) => ({ tenantId, address, status: 'queued', reply: '250 Ok' })),
      ...journey,
    },
    objects: [{ ...object, copies: [], outgoing: [message] }],
  }
}

/** The result of an attempt that delivered. */
export const makeOutcome = (claimed: ClaimedDelivery, given: Partial<AttemptOutcome> = {}): AttemptOutcome => ({
  claimed,
  result: 'delivered',
  reply: '250 2.0.0 ok',
  reason: '',
  host: 'mx.far.example',
  remoteAddress: '192.0.2.7',
  tls: 'TLSv1.3',
  conversation: '',
  retryAt: new Date(0),
  rescue: false,
  report: false,
  ...given,
})
