/** What decides who shares a transaction (O17). */
export interface BatchItem {
  readonly messageId: string
  /** `Site.key`. */
  readonly site: string
  /** The route that delivers it, by name; empty: by MX. */
  readonly route: string
  /** What the session must keep to: TLS level, source address … */
  readonly policy: string
  /** First attempts and later ones do not mix: who was deferred must not hold up who was not. */
  readonly attemptClass: 'first' | 'retry'
}

/** RFC 5321 §4.5.3.1.8: every server takes 100. */
export const MAX_BATCH = 100

/** Groups recipients into transactions of at most 100, in their order: each is in exactly one. The rest goes over the same connection. */
export function planBatches<T extends BatchItem>(items: readonly T[], max = MAX_BATCH): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = JSON.stringify([item.messageId, item.site, item.route, item.policy, item.attemptClass])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / max) }, (_, index) => group.slice(index * max, (index + 1) * max)),
  )
}
