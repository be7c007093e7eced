import type { DkimKeyRow } from '@mairust/db/queries/dkim-key'
import type { Resolver } from '@mairust/dns'
import { type KeySighting, matchRecord } from '@mairust/mail-core/auth'
import { recordName } from './internal.ts'

/** Milliseconds for the look-ups of a domain's keys. */
const LOOKUP_MS = 10_000

/** Asks DNS for the records of a domain's pending keys. */
export const lookForKeys = async (
  resolver: Resolver,
  domainName: string,
  keys: readonly DkimKeyRow[],
): Promise<Map<string, KeySighting>> => {
  const signal = AbortSignal.timeout(LOOKUP_MS)
  const pending = keys.filter(({ state }) => state === 'pending')
  const looked = pending.map(async ({ id, selector, record }) => {
    const answer = await resolver.query(recordName(selector, domainName), 'TXT', { signal })
    if (answer.kind === 'temporary') return [id, 'unknown'] as const
    const [found, ...more] = answer.kind === 'found' ? answer.records : []
    // RFC 6376 §3.6.2.2: of several records nobody knows which one counts.
    const isOurs = found !== undefined && more.length === 0 && isPublished(found.join(''), record)
    return [id, isOurs ? 'published' : 'missing'] as const
  })
  return new Map(await Promise.all(looked))
}

/** A record in test mode verifies like any other. */
const isPublished = (found: string, record: string): boolean =>
  ['matches', 'testing'].includes(matchRecord(found, record))
