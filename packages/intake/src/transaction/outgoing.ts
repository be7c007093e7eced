import type { Config } from '@mairust/config'
import { createApartId } from '@mairust/db'
import type { AcceptDelivery, AcceptOutgoing } from '@mairust/db/queries/accept'
import { type AddressKey, addressKey, formatAddress, formatPath, type ReversePath } from '@mairust/mail-core/address'
import { returnPathOf, type ReturnPathSettings, type ReturnPathSubject } from '@mairust/mail-core/envelope'
import { expiryOf } from '@mairust/mail-core/outbound'
import { isExempt, type SuppressionExemptions } from '@mairust/mail-core/suppression'
import { joined } from '../part.ts'
import type { MessageSigner } from '../signer.ts'
import type { UnsignedParts } from '../submission.ts'
import type { Destination } from './destination.ts'
import { streamOf } from './stream.ts'
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
  /** How envelope senders are signed; null: they are as the user gave them. */
  readonly returnPaths: () => ReturnPathSettings | null
  /** `outbound.suppression`. */
  readonly exemptions: () => SuppressionExemptions
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
  { lifetimeHours, signer, returnPaths, exemptions }: QueueingTerms,
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
  const stream = unsigned === null ? '' : streamOf(unsigned.header)
  const deliveries = [...elsewhere, ...confirmed].flatMap((destination) =>
    deliveryTo(destination, { nextAttemptAt: receivedAt, expiresAt }, (key) => isExempt(key, stream, exemptions())),
  )
  const id = createApartId('out', receivedAt)
  const subject = elsewhere.length === 1 ? (deliveries[0]?.id ?? id) : id
  const outgoing: AcceptOutgoing = {
    tenantId,
    id,
    userId: user.id,
    header,
    returnPath: formatPath(signedPath(reversePath, subject, { settings: returnPaths(), at: receivedAt })),
    sender: reversePath === null ? '' : addressKey(reversePath),
    eightBit,
    smtpUtf8: smtputf8,
    ret,
    envid,
    stream,
    deliveries,
  }
  return [{ recipients: elsewhere.map(({ recipient }) => recipient.key), outgoing }]
}

/** The same for all attempts: who is greylisted must not seem to be another sender. */
function signedPath(
  path: ReversePath,
  subject: ReturnPathSubject,
  { settings, at }: { settings: ReturnPathSettings | null; at: Date },
): ReversePath {
  return path === null || path.literal || settings === null ? path : returnPathOf(subject, path.domain, settings, at)
}

function deliveryTo(
  { recipient: { key, path, notify, orcpt }, isElsewhere }: Destination,
  times: Pick<AcceptDelivery, 'nextAttemptAt' | 'expiresAt'>,
  isKept: (key: AddressKey) => boolean,
): (AcceptDelivery & { id: `dlv_${string}` })[] {
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
      isExempt: isKept(key),
    },
  ]
}
