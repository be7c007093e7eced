import { type Address, type AddressKey, domainOf } from '@mairust/mail-core/address'
import type { EnvelopeRecipient } from '@mairust/mail-core/envelope'
import { type Directory, resolveRecipient } from '@mairust/mail-core/inbound'
import { replies, type SmtpReply } from '@mairust/mail-core/smtp'
import type { Destination } from './destination.ts'

/** Where the mail of a recipient goes, or why it is refused. */
export type FoundDestination =
  | { readonly kind: 'found'; readonly destination: Destination }
  | {
      readonly kind: 'refused'
      readonly reply: SmtpReply
      readonly reason: string
      readonly tenantId: string | null
      readonly ownerRoles: readonly string[]
    }

/**
 * Finds where the mail of a recipient goes: what is not ours, from a user of ours, to another server. Rejects only when the directory
 * does.
 * @param about the size that was announced, or null, and the tenant of the user who sends it; null: nobody of ours
 */
export async function findDestination(
  recipient: EnvelopeRecipient,
  { size, senderTenantId }: { readonly size: number | null; readonly senderTenantId: string | null },
  directory: Directory,
): Promise<FoundDestination> {
  const { path } = recipient
  const decision = await resolveRecipient({ path, size }, directory)
  const { ownerRoles, tenantId } = decision
  if (decision.kind === 'refuse') {
    const { reason, reply } = decision
    // Anybody may add a domain: until it is proved, it is foreign to other tenants, and its tenant must not read who writes to it.
    const isForeign = reason === 'foreign_domain' || (reason === 'pending_domain' && tenantId !== senderTenantId)
    return senderTenantId !== null && isForeign
      ? { kind: 'found', destination: elsewhere(recipient, senderTenantId) }
      : { kind: 'refused', reply, reason, tenantId, ownerRoles }
  }
  const { deliveries, skipped, meant } = decision
  // Forwarding does not exist yet: an alias with an external target would lose that copy.
  if (decision.external.length > 0) {
    return { kind: 'refused', reply: replies.externalRecipient, reason: 'external_target', tenantId, ownerRoles }
  }
  return {
    kind: 'found',
    destination: {
      recipient,
      tenantId: decision.tenantId,
      deliveries,
      isElsewhere: false,
      skipped,
      meant,
      ownerRoles,
      dmarc: path === 'postmaster' ? null : await dmarcOf(directory, path.domain),
      filing: await filingOf(directory, deliveries),
    },
  }
}

/** The destination of what comes back to one of our return paths, or to a feedback address. Rejects only when the directory does. */
export async function returnedDestination(
  recipient: EnvelopeRecipient & { readonly path: Address },
  { tenantId, fallback }: { readonly tenantId: string; readonly fallback: AddressKey },
  directory: Directory,
): Promise<Destination> {
  const home = domainOf(fallback)
  return {
    ...elsewhere(recipient, tenantId),
    isElsewhere: false,
    returned: { fallback },
    dmarc: await dmarcOf(directory, recipient.path.domain),
    filing: new Map([[home, await dmarcOf(directory, home)]]),
  }
}

/** A recipient of a user's mail that is not ours. */
const elsewhere = (recipient: EnvelopeRecipient, tenantId: string): Destination => ({
  recipient,
  tenantId,
  deliveries: [],
  isElsewhere: true,
  skipped: [],
  meant: recipient.key,
  ownerRoles: [],
  dmarc: null,
  filing: new Map(),
})

/** A domain's own choice; what is for no domain in particular follows the server's. */
async function dmarcOf(directory: Directory, domain: string): Promise<Destination['dmarc']> {
  return (await directory.domain(domain))?.dmarc ?? null
}

async function filingOf(directory: Directory, deliveries: Destination['deliveries']): Promise<Destination['filing']> {
  const domains = new Set(deliveries.map(({ mailbox }) => domainOf(mailbox.address)))
  return new Map(await Promise.all([...domains].map(async (name) => [name, await dmarcOf(directory, name)] as const)))
}
