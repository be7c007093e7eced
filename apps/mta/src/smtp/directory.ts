import type { Changes, Topic } from '@mairust/db'
import type { AddressFacts, Directory } from '@mairust/mail-core/inbound'

/** Topics whose changes may change an answer of the directory. */
const TOPICS: readonly Topic[] = ['domains', 'addresses', 'users']
const MAX_ENTRIES = 50_000

/**
 * A directory that remembers its answers until something changes anywhere (`changes`). Mailboxes with a quota are looked
 * up anew each time: how full they are changes with every message.
 */
export function cachedDirectory(source: Directory, changes: Pick<Changes, 'subscribe'>): Directory & { close(): void } {
  let cache = new Map<string, Promise<unknown>>()
  const stops = TOPICS.map((topic) => changes.subscribe(topic, () => void (cache = new Map())))

  /** A failure is not remembered; an answer that was on its way when something changed is not either. */
  function remember<T>(key: string, look: () => Promise<T>, keep: (value: T) => boolean = () => true): Promise<T> {
    const known = cache.get(key)
    if (known !== undefined) return known as Promise<T>
    const current = cache
    const answer = look()
    if (current.size >= MAX_ENTRIES) current.clear()
    current.set(key, answer)
    answer.then(
      (value) => keep(value) || current.delete(key),
      () => current.delete(key),
    )
    return answer
  }

  return {
    domain: (name) => remember(`domain ${name}`, () => source.domain(name)),
    address: (tenantId, key) => remember(`address ${tenantId} ${key}`, () => source.address(tenantId, key), hasNoQuota),
    postmaster: (tenantId) =>
      remember(
        `postmaster ${tenantId}`,
        () => source.postmaster(tenantId),
        (mailbox) => (mailbox?.quotaBytes ?? null) === null,
      ),
    defaultTenant: () => remember('default', () => source.defaultTenant()),
    close: () => {
      for (const stop of stops) stop()
    },
  }
}

function hasNoQuota(facts: AddressFacts | null): boolean {
  return facts?.kind !== 'mailbox' || facts.mailbox.quotaBytes === null
}
