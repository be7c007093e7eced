import type { BlobStore } from '@mairust/db/blob'
import type { ClaimedDelivery } from '@mairust/db/queries/delivery-claim'
import { planBatches, type StsPolicy } from '@mairust/mail-core/outbound'
import { storedContent } from './content.ts'
import type { OutgoingMessage, OutgoingRecipient } from './message.ts'
import { recipientOf, senderOf } from './stored-paths.ts'

/** Deliveries of one message that go in one transaction (O17). */
export interface Batch {
  readonly items: readonly [ClaimedDelivery, ...ClaimedDelivery[]]
  /** The policy of their domains (O23). */
  readonly sts: StsPolicy | null
}

/** Transactions with one message, made one after the other on one connection (O17). */
export type Batches = readonly [Batch, ...Batch[]]

/** Groups what was claimed, in its order, by message. `stsOf`: the policy of each domain. */
export function batchesOf(
  claimed: readonly ClaimedDelivery[],
  { site, route, stsOf }: { site: string; route: string; stsOf: (domain: string) => StsPolicy | null },
): Batches[] {
  const items = claimed.map((one) => ({
    one,
    messageId: `${one.delivery.tenantId} ${one.outgoing.id}`,
    site,
    route,
    policy: JSON.stringify(stsOf(one.delivery.domain)),
    attemptClass: one.delivery.attempts === 1 ? ('first' as const) : ('retry' as const),
  }))
  const byMessage = new Map<string, Batches>()
  for (const group of planBatches(items)) {
    const [first, ...rest] = group
    if (first === undefined) continue
    const batch: Batch = { items: [first.one, ...rest.map(({ one }) => one)], sts: stsOf(first.one.delivery.domain) }
    const known = byMessage.get(first.messageId)
    byMessage.set(first.messageId, known === undefined ? [batch] : [...known, batch])
  }
  return [...byMessage.values()]
}

/** The message of a batch as it is sent. @throws Error when what is stored of it is no address: nobody could be told */
export function messageOf({ items }: Pick<Batch, 'items'>, blobs: Pick<BlobStore, 'read' | 'get'>): OutgoingMessage {
  const [{ outgoing }] = items
  const { blobKey, header, size, eightBit, returnPath, ret, envid } = outgoing
  if (blobKey === null) throw new Error('the object of a message was let go of before its end')
  return {
    sender: senderOf(returnPath),
    ret,
    envid,
    recipients: items.map(toRecipient),
    content: storedContent(blobs, { key: blobKey, prefix: Buffer.from(header), from: 0, size, eightBit }),
    sevenBit: null,
  }
}

const toRecipient = ({ delivery }: ClaimedDelivery): OutgoingRecipient => ({
  id: delivery.id,
  rescues: delivery.rescues,
  address: recipientOf(delivery.recipient),
  notify: delivery.notify,
  orcpt: delivery.orcpt,
})
