import { type Changes, createKeptAnswers, everyTenant, subjectOfTopic, tenantOfTopic } from '@mairust/db'
import type { AddressFacts, Directory, DomainFacts, MailboxFacts } from '@mairust/mail-core/inbound'

const MAX_DOMAINS = 25_000
const MAX_ADDRESSES = 25_000
const MAX_TENANTS = 10_000

/** Names contain no space. */
const addressesOf = (tenantId: string): string => `${tenantId} `
/** The key of what there is one of. */
const ONLY = ''

/**
 * Caches a directory's answers until something they may depend on changes: a change of one address or domain drops what depends on
 * that alone. A change that does not say which, and an interruption in which one may have been missed, drop everything they may
 * concern. Mailboxes with a quota are not cached: their usage changes with every message.
 */
export function cachedDirectory(source: Directory, changes: Pick<Changes, 'subscribe'>): Directory & { close(): void } {
  const domains = createKeptAnswers<DomainFacts | null>({ max: MAX_DOMAINS })
  const hasDomains = createKeptAnswers<boolean>({ max: 1 })
  const addresses = createKeptAnswers<AddressFacts | null>({ max: MAX_ADDRESSES, isKept: hasNoQuota })
  const postmasters = createKeptAnswers<MailboxFacts | null>({
    max: MAX_TENANTS,
    isKept: (mailbox) => (mailbox?.quotaBytes ?? null) === null,
  })
  const defaultTenant = createKeptAnswers<string | null>({ max: 1 })
  const dropAll = (): void => {
    for (const answers of [domains, hasDomains, addresses, postmasters, defaultTenant]) answers.clear()
  }
  const dropAddresses = (tenantId: string): void =>
    addresses.deleteWhere((key) => key.startsWith(addressesOf(tenantId)))

  const stops = [
    changes.subscribe(everyTenant('domains'), (topic) => {
      const name = subjectOfTopic(topic)
      if (name === null) dropAll()
      else {
        hasDomains.clear()
        domains.delete(name)
        // Whose addresses they are may have changed with it.
        addresses.deleteWhere((key) => key.endsWith(`@${name}`))
      }
    }),
    changes.subscribe(everyTenant('addresses'), (topic) => {
      const [tenantId, address] = [tenantOfTopic(topic), subjectOfTopic(topic)]
      if (tenantId === null) dropAll()
      else {
        postmasters.delete(tenantId)
        if (address === null) dropAddresses(tenantId)
        else addresses.delete(`${addressesOf(tenantId)}${address}`)
      }
    }),
    changes.subscribe(everyTenant('users'), (topic) => {
      const tenantId = tenantOfTopic(topic)
      if (tenantId === null) dropAll()
      else {
        postmasters.delete(tenantId)
        defaultTenant.clear()
        // Mailboxes tell the roles of their owners.
        dropAddresses(tenantId)
      }
    }),
  ]

  return {
    domain: (name) => domains.get(name, () => source.domain(name)),
    hasDomains: () => hasDomains.get(ONLY, () => source.hasDomains()),
    address: (tenantId, address) =>
      addresses.get(`${addressesOf(tenantId)}${address}`, () => source.address(tenantId, address)),
    postmaster: (tenantId) => postmasters.get(tenantId, () => source.postmaster(tenantId)),
    defaultTenant: () => defaultTenant.get(ONLY, () => source.defaultTenant()),
    close: () => {
      for (const stop of stops) stop()
    },
  }
}

function hasNoQuota(facts: AddressFacts | null): boolean {
  return facts?.kind !== 'mailbox' || facts.mailbox.quotaBytes === null
}
