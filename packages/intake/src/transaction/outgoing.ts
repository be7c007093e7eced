import type { Config } from '@mairust/config'
import { createApartId } from '@mairust/db'
import type { AcceptDelivery, AcceptOutgoing } from '@mairust/db/queries/accept'
import { type AddressKey, addressKey, formatAddress, formatPath } from '@mairust/mail-core/address'
import { expiryOf } from '@mairust/mail-core/outbound'
import { joined } from '../part.ts'
import type { MessageSigner } from '../signer.ts'
import type { UnsignedParts } from '../submission.ts'
import type { Destination } from './destination.ts'
import type { Transaction } from './transaction.ts'

/** A message with what its relay depends on. */
export interface Submitted {
  readonly transaction: Transaction
  /** What our user's domain signs; null when nobody here wrote it. */
  readonly unsigned: UnsignedParts | null
  /** Whether it has bytes over 127. */
  readonly eightBit: boolean
}

/** `outbound.rate_limits`. */
export type RateLimits = Config['outbound']['rate_limits']

export interface QueueingTerms {
  /** `queue.lifetime_hours`. */
  readonly lifetimeHours: () => number
  readonly rateLimits: () => RateLimits
  readonly signer: Pick<MessageSigner, 'sign'>
}

/** What goes to other servers, and for whom. */
export interface PlannedOutgoing {
  readonly recipients: readonly AddressKey[]
  readonly outgoing: AcceptOutgoing
}

/**
 * Plans what an accepted message sends to other servers: the same bytes for all of its recipients elsewhere, signed by its author's
 * domain.
 * @throws Error when it cannot be signed for now
 */
export async function planOutgoing(
  { transaction: { envelope, destinations, journal }, eightBit, unsigned }: Submitted,
  { lifetimeHours, signer }: QueueingTerms,
  receivedAt: Date,
): Promise<PlannedOutgoing[]> {
  const { user } = journal.facts
  const all = [...destinations.values()]
  const elsewhere = all.filter(({ isElsewhere }) => isElsewhere)
  // What is delivered here has been, once it is accepted.
  const confirmed = all.filter(
    ({ isElsewhere, recipient }) => !isElsewhere && recipient.notify?.includes('success') === true,
  )
  if (user === null || elsewhere.length + confirmed.length === 0) return []
  const { reversePath, smtputf8, ret, envid } = envelope
  const expiresAt = expiryOf({
    since: receivedAt,
    lifetimeHours: lifetimeHours(),
    nullSender: reversePath === null,
    expires: null,
  })
  const { tenantId } = user
  const header =
    unsigned === null || elsewhere.length === 0
      ? ''
      : await signer.sign({ ...unsigned, tenantId, body: joined([unsigned.body]) })
  const outgoing: AcceptOutgoing = {
    tenantId,
    id: createApartId('out', receivedAt),
    userId: user.id,
    header,
    returnPath: formatPath(reversePath),
    sender: reversePath === null ? '' : addressKey(reversePath),
    eightBit,
    smtpUtf8: smtputf8,
    ret,
    envid,
    deliveries: [...elsewhere, ...confirmed].flatMap((destination) =>
      deliveryTo(destination, { nextAttemptAt: receivedAt, expiresAt }),
    ),
  }
  return [{ recipients: elsewhere.map(({ recipient }) => recipient.key), outgoing }]
}

function deliveryTo(
  { recipient: { key, path, notify, orcpt }, isElsewhere }: Destination,
  times: Pick<AcceptDelivery, 'nextAttemptAt' | 'expiresAt'>,
): AcceptDelivery[] {
  if (path === 'postmaster') return []
  return [
    {
      ...times,
      id: createApartId('dlv', times.nextAttemptAt),
      recipient: formatAddress(path),
      address: key,
      domain: path.domain,
      notify,
      orcpt,
      isDelivered: !isElsewhere,
    },
  ]
}
