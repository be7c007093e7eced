import { domainTopic } from '@mairust/db'
import {
  type DomainPlace,
  findDomainsWithoutDkim,
  findDueDkimDomains,
  findForeignDkimDomains,
  findOldDkimDomains,
  listDkimKeyRows,
} from '@mairust/db/queries/dkim-key'
import { findDomain, lockDomain } from '@mairust/db/queries/domain'
import { tenantScope } from '@mairust/db/queries/scope'
import { DKIM_ALGORITHMS } from '@mairust/db/schema'
import type { KeySighting, SigningAlgorithm } from '@mairust/mail-core/auth'
import { systemActor } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import type { Runtime } from '../../context.ts'
import { job } from '../../verb/index.ts'
import { applyKeySteps } from './apply.ts'
import { makeDkimKeys, storeDkimKeys, toAuditForm, withoutPending } from './internal.ts'
import { lookForKeys } from './look.ts'

/** What the upkeep of keys needs. */
export type DkimTools = Pick<Runtime, 'db' | 'now' | 'changes' | 'vault' | 'openResolver'>

const DAY = 86_400_000
const BATCH = 50

/** What becomes of a domain's keys besides what is due. */
interface Work {
  /** Gets a key of each of these algorithms, unless it has one that is pending. */
  readonly makes: readonly SigningAlgorithm[]
}

/**
 * Lets keys of all tenants' domains sign whose records are in DNS, and removes those whose signatures have all expired. Returns how many
 * domains were looked at.
 */
export const advanceDkimKeys = job({
  audit: 'domain.update_dkim',
  run: (tools: DkimTools, signal?: AbortSignal): Promise<number> =>
    inBatches(tools, signal, { makes: [] }, (limit) => findDueDkimDomains(tools.db, tools.now(), limit)),
})

/**
 * Gives keys to domains of all tenants that lack them, whose keys were sealed with another master key, or whose keys are older than
 * `rotateDays` (0: any age will do). Returns how many domains were looked at.
 */
export const renewDkimKeys = job({
  audit: 'domain.update_dkim',
  run: async (tools: DkimTools, rotateDays: number, signal?: AbortSignal): Promise<number> => {
    const { db, vault, now } = tools
    let done = await inBatches(tools, signal, { makes: [] }, (limit) => findForeignDkimDomains(db, vault.mark, limit))
    for (const algorithm of DKIM_ALGORITHMS) {
      const work = { makes: [algorithm] }
      done += await inBatches(tools, signal, work, (limit) => findDomainsWithoutDkim(db, algorithm, limit))
      if (rotateDays === 0) continue
      const before = new Date(now().getTime() - rotateDays * DAY)
      done += await inBatches(tools, signal, work, (limit) => findOldDkimDomains(db, algorithm, before, limit))
    }
    return done
  },
})

/** Works on domains until none is found any more. */
const inBatches = async (
  tools: DkimTools,
  signal: AbortSignal | undefined,
  work: Work,
  find: (limit: number) => Promise<DomainPlace[]>,
): Promise<number> => {
  for (let done = 0; ;) {
    const places = signal?.aborted === true ? [] : await find(BATCH)
    if (places.length === 0) return done
    if (work.makes.length === 0) {
      // Name servers may be slow: a batch waits for them together.
      await Promise.all(places.map((place) => maintainDomain(tools, place, work)))
    } else {
      // Making keys keeps a thread busy that others read files with.
      for (const place of places) await maintainDomain(tools, place, work)
    }
    done += places.length
  }
}

const maintainDomain = async (
  tools: DkimTools,
  { tenantId, domainId }: DomainPlace,
  { makes }: Work,
): Promise<void> => {
  const { db, now, changes } = tools
  const scope = tenantScope(tenantId)
  const found = await findDomain(db, scope, domainId)
  if (found === null) return
  const { name } = found
  const keys = await listDkimKeyRows(db, scope, domainId)
  const made = await makeDkimKeys(withoutPending(keys, makes))
  const sightings: ReadonlyMap<string, KeySighting> =
    makes.length === 0 ? await lookForKeys(tools.openResolver(), name, keys) : new Map()
  await db.transaction(async (tx) => {
    if ((await lockDomain(tx, scope, domainId)) === null) return
    const { before, after, isChanged } = await applyKeySteps(tx, tools, scope, domainId, sightings)
    const lacking = withoutPending(after)
    const wanted = made.filter(({ algorithm }) => lacking.includes(algorithm))
    const stored = await storeDkimKeys(tx, tools, scope, domainId, wanted)
    if (!isChanged && stored.length === 0) return
    const source = { actor: systemActor(tenantId), now, ip: 'local', requestId: 'system' }
    await writeAudit(tx, source, {
      action: 'domain.update_dkim',
      targetType: 'domain',
      targetId: domainId,
      before: toAuditForm(name, before),
      after: toAuditForm(name, [...after, ...stored]),
    })
    await changes.publish(tx, domainTopic(tenantId, name))
  })
}
