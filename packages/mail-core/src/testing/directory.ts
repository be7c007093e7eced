import { normaliseAddress } from '../address/index.ts'
import type { AddressFacts, AliasFacts, Directory, DomainFacts, MailboxFacts } from '../inbound/index.ts'

/** Content of a memory directory; addresses are written plainly. */
export interface DirectoryContent {
  readonly domains: readonly (Partial<DomainFacts> & { name: string })[]
  readonly mailboxes?: readonly (Partial<MailboxFacts> & { address: string })[]
  readonly aliases?: readonly (Partial<AliasFacts> & { address: string; targets: readonly string[] })[]
  /** Address of the postmaster@ mailbox. */
  readonly postmaster?: string
}

const TENANT = 'tnt_test'

/** An in-memory directory for tests. `calls` counts the lookups. */
export function memoryDirectory(content: DirectoryContent): Directory & { readonly calls: () => number } {
  let calls = 0
  const domains = new Map(content.domains.map((domain) => [domain.name, fullDomain(domain)]))
  const addresses = new Map<string, AddressFacts>()
  for (const mailbox of content.mailboxes ?? []) {
    const full = fullMailbox(mailbox)
    addresses.set(`${full.tenantId} ${full.address}`, { kind: 'mailbox', mailbox: full })
  }
  for (const alias of content.aliases ?? []) {
    const full = {
      id: `als_${alias.address}`,
      tenantId: TENANT,
      enabled: true,
      maySendAs: false,
      ...alias,
      address: key(alias.address),
    }
    addresses.set(`${full.tenantId} ${full.address}`, { kind: 'alias', alias: full })
  }
  const lookup = <T>(value: T): Promise<T> => {
    calls += 1
    return Promise.resolve(value)
  }
  return {
    calls: () => calls,
    domain: (name) => lookup(domains.get(name) ?? null),
    hasDomains: () => lookup(domains.size > 0),
    address: (tenantId, address) => lookup(addresses.get(`${tenantId} ${address}`) ?? null),
    postmaster: (tenantId) => {
      const found =
        content.postmaster === undefined ? undefined : addresses.get(`${tenantId} ${key(content.postmaster)}`)
      return lookup(found?.kind === 'mailbox' ? found.mailbox : null)
    },
    defaultTenant: () => lookup(content.postmaster === undefined ? null : TENANT),
  }
}

function fullDomain(domain: Partial<DomainFacts> & { name: string }): DomainFacts {
  return { id: `dom_${domain.name}`, tenantId: TENANT, status: 'active', ...domain }
}

function fullMailbox(mailbox: Partial<MailboxFacts> & { address: string }): MailboxFacts {
  const address = key(mailbox.address)
  return {
    id: `mbx_${address}`,
    tenantId: TENANT,
    suspended: false,
    quotaBytes: null,
    usedBytes: 0,
    ownerRole: null,
    ...mailbox,
    address,
  }
}

function key(address: string): string {
  return normaliseAddress(address) ?? address
}
