import type { Changes } from '../changes/changes.ts'
import { mailboxTopic, tenantTopic } from '../changes/topics.ts'
import type { Db } from '../client/db.ts'
import type { AcceptItem, AcceptObject, AcceptResult, Placed } from './accept-types.ts'
import { acceptCopies } from './accept-copies.ts'
import { acceptOutgoing } from './accept-outgoing.ts'
import { acceptReturned } from './accept-returned.ts'
import { admit } from './accept-quota.ts'
import { recordJourneys } from './accept-journey.ts'

export type {
  AcceptCopy,
  AcceptDelivery,
  AcceptFailure,
  AcceptItem,
  AcceptObject,
  AcceptOutgoing,
  AcceptResult,
  AcceptReturned,
  JourneyInput,
  ReachedLimit,
  RecipientResult,
  SendingLimit,
} from './accept-types.ts'
export { recordJourneys } from './accept-journey.ts'

/**
 * Stores accepted messages in the given transaction and with few statements: journeys, quota, threads, folder counters, messages,
 * search index, change topics, what goes to other servers, and what came back. Their objects must already be on stable storage, and 250 is answered only after the commit.
 *
 * Items that no mailbox has room for, or with a missing mailbox, are left out and named in the result. Parallel senders cannot
 * exceed a quota by more than one message, unless other recipients of theirs have room. Any other failure throws and leaves nothing
 * of the batch; retry each item alone.
 */
export async function acceptMessages(tx: Db, items: readonly AcceptItem[], changes: Changes): Promise<AcceptResult> {
  for (const { objects } of items) for (const object of objects) requireOneTenant(object)
  const { admitted, failures } = await admit(tx, items)
  if (admitted.length === 0) return { failures }
  await recordJourneys(
    tx,
    admitted.map(({ journey }) => journey),
  )
  const placed: Placed[] = admitted.flatMap(({ journey, objects }) =>
    objects.flatMap((object) => object.copies.map((copy) => ({ journey, object, copy }))),
  )
  if (placed.length > 0) {
    await acceptCopies(tx, placed)
    await changes.publish(tx, ...placed.map(({ copy }) => mailboxTopic(copy.tenantId, copy.mailboxId)))
  }
  const senders = await acceptOutgoing(tx, admitted)
  await changes.publish(tx, ...senders.map((tenantId) => tenantTopic('queue', tenantId)))
  await acceptReturned(tx, admitted)
  return { failures }
}

/** A shared object would let one tenant's trace, key and removal affect another's mail. */
function requireOneTenant({ copies, outgoing = [], returned }: AcceptObject): void {
  const all = [...copies, ...outgoing, ...(returned === undefined ? [] : [returned])]
  const tenants = new Set(all.map(({ tenantId }) => tenantId))
  if (tenants.size > 1) throw new Error('an object belongs to one tenant')
}
