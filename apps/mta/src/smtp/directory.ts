import { type Changes, everyTenant, tenantOfTopic } from '@mairust/db'
import type { AddressFacts, Directory } from '@mairust/mail-core/inbound'

const MAX_ENTRIES = 50_000
/** Cache key for domain names, whose tenant is not known before the lookup. */
const NAMES = ''

/**
 * Caches a directory's answers until something they may depend on changes; changes in one tenant leave the addresses of others
 * cached. Mailboxes with a quota are not cached: their usage changes with every message.
 */
export function cachedDirectory(source: Directory, changes: Pick<Changes, 'subscribe'>): Directory & { close(): void } {
  const caches = new Map<string, Map<string, Promise<unknown>>>()
  let entries = 0

  function drop(tenant: string): void {
    entries -= caches.get(tenant)?.size ?? 0
    caches.delete(tenant)
  }
  function dropAll(): void {
    caches.clear()
    entries = 0
  }
  const stops = [
    changes.subscribe(everyTenant('domains'), dropAll),
    ...(['addresses', 'users'] as const).map((kind) =>
      changes.subscribe(everyTenant(kind), (topic) => {
        const tenant = tenantOfTopic(topic)
        if (tenant === null) dropAll()
        else {
          drop(tenant)
          drop(NAMES)
        }
      }),
    ),
  ]

  /** Does not cache failures, nor answers in flight when something changed. */
  function remember<T>(
    tenant: string,
    key: string,
    look: () => Promise<T>,
    keep: (value: T) => boolean = () => true,
  ): Promise<T> {
    const known = caches.get(tenant)?.get(key)
    if (known !== undefined) return known as Promise<T>
    if (entries >= MAX_ENTRIES) dropAll()
    const cache = caches.get(tenant) ?? new Map<string, Promise<unknown>>()
    caches.set(tenant, cache)
    const answer = look()
    cache.set(key, answer)
    entries += 1
    const forget = (): void => {
      if (cache.delete(key) && caches.get(tenant) === cache) entries -= 1
    }
    answer.then((value) => {
      if (!keep(value)) forget()
    }, forget)
    return answer
  }

  return {
    domain: (name) => remember(NAMES, `domain ${name}`, () => source.domain(name)),
    address: (tenantId, key) => remember(tenantId, `address ${key}`, () => source.address(tenantId, key), hasNoQuota),
    postmaster: (tenantId) =>
      remember(
        tenantId,
        'postmaster',
        () => source.postmaster(tenantId),
        (mailbox) => (mailbox?.quotaBytes ?? null) === null,
      ),
    defaultTenant: () => remember(NAMES, 'default', () => source.defaultTenant()),
    close: () => {
      for (const stop of stops) stop()
    },
  }
}

function hasNoQuota(facts: AddressFacts | null): boolean {
  return facts?.kind !== 'mailbox' || facts.mailbox.quotaBytes === null
}
