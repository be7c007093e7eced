import { type Address, addressKey, catchAllKey, splitSubAddress } from '../address/index.ts'
import type { AddressFacts, AliasFacts, Directory, DomainFacts } from './directory.ts'
import { resolveRecipient } from './recipient.ts'

const MAX_DOMAIN_ALIASES = 10

/** A user who wants to send as `address`; `mailboxIds` are their own mailboxes. */
export interface SenderQuestion {
  readonly tenantId: string
  readonly mailboxIds: readonly string[]
  readonly address: Address
}

/**
 * Whether a user may send as this address: the address of their own mailbox, with or without a tag, or an alias or catch-all that
 * leads to it and grants the right. Receiving mail for an address does not give the right to send as it. Rejects only when the
 * directory does.
 */
export async function maySendAs(question: SenderQuestion, directory: Directory): Promise<boolean> {
  const { mailboxIds } = question
  const domain = question.address.literal ? null : await canonicalDomain(question, directory)
  if (domain === null) return false
  const address = { ...question.address, domain: domain.name }
  const found = await findSender(address, domain, directory)
  if (found === null) return false
  if (found.kind === 'mailbox') return !found.mailbox.suspended && mailboxIds.includes(found.mailbox.id)
  return found.alias.enabled && found.alias.maySendAs && leadsTo(mailboxIds, address, found.alias, directory)
}

/** The tenant's active domain of the address, or the domain that it is an alias of. */
async function canonicalDomain(
  { tenantId, address }: SenderQuestion,
  directory: Directory,
): Promise<DomainFacts | null> {
  let name = address.domain
  for (let step = 0; step <= MAX_DOMAIN_ALIASES; step += 1) {
    const domain = await directory.domain(name)
    if (domain?.tenantId !== tenantId || domain.status !== 'active') return null
    if (typeof domain.aliasOf !== 'string') return domain
    name = domain.aliasOf
  }
  return null
}

/** The first that exists of: the address, the address without its tag, the catch-all; as for a recipient. */
async function findSender(address: Address, domain: DomainFacts, directory: Directory): Promise<AddressFacts | null> {
  const { base } = splitSubAddress(address)
  for (const key of [addressKey(address), addressKey(base), catchAllKey(domain.name)]) {
    const found = await directory.address(domain.tenantId, key)
    if (found !== null) return found
  }
  return null
}

async function leadsTo(
  mailboxIds: readonly string[],
  address: Address,
  { tenantId }: AliasFacts,
  directory: Directory,
): Promise<boolean> {
  const decision = await resolveRecipient({ path: address, size: null }, withoutQuotas(directory))
  return (
    decision.kind === 'accept' &&
    decision.tenantId === tenantId &&
    decision.deliveries.some(({ mailbox }) => mailboxIds.includes(mailbox.id))
  )
}

/** Quota does not limit sending. */
function withoutQuotas(directory: Directory): Directory {
  return {
    ...directory,
    address: async (tenantId, key) => {
      const facts = await directory.address(tenantId, key)
      return facts?.kind === 'mailbox' ? { kind: 'mailbox', mailbox: { ...facts.mailbox, quotaBytes: null } } : facts
    },
  }
}
