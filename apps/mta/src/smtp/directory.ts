import { type Changes, everyTenant, subjectOfTopic, tenantOfTopic } from '@mairust/db'
import type { AddressFacts, Directory } from '@mairust/mail-core/inbound'

const MAX_ENTRIES = 50_000

/** Cache keys; names contain no space. */
const keys = {
  domain: (name: string) => `domain ${name}`,
  address: (tenantId: string, address: string) => `address ${tenantId} ${address}`,
  postmaster: (tenantId: string) => `postmaster ${tenantId}`,
  hasDomains: 'any domain',
  defaultTenant: 'default',
}

/**
 * Caches a directory's answers until something they may depend on changes: a change of one address or domain drops what depends on
 * that alone. A change that does not say which, and an interruption in which one may have been missed, drop everything they may
 * concern. Mailboxes with a quota are not cached: their usage changes with every message.
 */
export function cachedDirectory(source: Directory, changes: Pick<Changes, 'subscribe'>): Directory & { close(): void } {
  const answers = new Map<string, Promise<unknown>>()
  const dropAll = (): void => answers.clear()
  const dropWhere = (isMeant: (key: string) => boolean): void => {
    for (const key of answers.keys()) if (isMeant(key)) answers.delete(key)
  }

  const stops = [
    changes.subscribe(everyTenant('domains'), (topic) => {
      const name = subjectOfTopic(topic)
      if (name === null) dropAll()
      else {
        answers.delete(keys.hasDomains)
        answers.delete(keys.domain(name))
        // Whose addresses they are may have changed with it.
        dropWhere((key) => key.startsWith('address ') && key.endsWith(`@${name}`))
      }
    }),
    changes.subscribe(everyTenant('addresses'), (topic) => {
      const [tenantId, address] = [tenantOfTopic(topic), subjectOfTopic(topic)]
      if (tenantId === null) dropAll()
      else {
        answers.delete(keys.postmaster(tenantId))
        if (address === null) dropWhere((key) => key.startsWith(keys.address(tenantId, '')))
        else answers.delete(keys.address(tenantId, address))
      }
    }),
    changes.subscribe(everyTenant('users'), (topic) => {
      const tenantId = tenantOfTopic(topic)
      if (tenantId === null) dropAll()
      else {
        answers.delete(keys.postmaster(tenantId))
        answers.delete(keys.defaultTenant)
        // Mailboxes tell the roles of their owners.
        dropWhere((key) => key.startsWith(keys.address(tenantId, '')))
      }
    }),
  ]

  /** Neither failures nor answers that were on their way during a change are cached. */
  function remember<T>(key: string, look: () => Promise<T>, keep: (value: T) => boolean = () => true): Promise<T> {
    const known = answers.get(key)
    if (known !== undefined) return known as Promise<T>
    if (answers.size >= MAX_ENTRIES) dropAll()
    const answer = look()
    answers.set(key, answer)
    const forget = (): void => {
      if (answers.get(key) === answer) answers.delete(key)
    }
    answer.then((value) => {
      if (!keep(value)) forget()
    }, forget)
    return answer
  }

  return {
    domain: (name) => remember(keys.domain(name), () => source.domain(name)),
    hasDomains: () => remember(keys.hasDomains, () => source.hasDomains()),
    address: (tenantId, address) =>
      remember(keys.address(tenantId, address), () => source.address(tenantId, address), hasNoQuota),
    postmaster: (tenantId) =>
      remember(
        keys.postmaster(tenantId),
        () => source.postmaster(tenantId),
        (mailbox) => (mailbox?.quotaBytes ?? null) === null,
      ),
    defaultTenant: () => remember(keys.defaultTenant, () => source.defaultTenant()),
    close: () => {
      for (const stop of stops) stop()
    },
  }
}

function hasNoQuota(facts: AddressFacts | null): boolean {
  return facts?.kind !== 'mailbox' || facts.mailbox.quotaBytes === null
}
