import { tenantScope } from '@mairust/db/queries/scope'
import { domainTopic } from '@mairust/db'
import { deleteDomainRow, domainInUse, findUnverifiedDomains, lockDomain } from '@mairust/db/queries/domain'
import { systemActor } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import type { Runtime } from '../../context.ts'
import { job } from '../../verb/index.ts'
import { toDomainWire } from './internal.ts'

/** How long a domain may stay unproved. */
const UNPROVED_MS = 30 * 86_400_000
const BATCH = 100

/**
 * Removes, in all tenants, domains that nobody has proved in 30 days and that have no mailboxes, aliases or domain aliases. Each
 * removal leaves an audit entry. Returns how many.
 */
export const pruneDomains = job({
  audit: 'domain.expire',
  run: async ({ db, now, changes }: Pick<Runtime, 'db' | 'now' | 'changes'>, signal?: AbortSignal): Promise<number> => {
    for (let removed = 0; ;) {
      const due = await findUnverifiedDomains(db, new Date(now().getTime() - UNPROVED_MS), BATCH)
      if (due.length === 0 || signal?.aborted === true) return removed
      for (const { tenantId, id } of due) {
        const scope = tenantScope(tenantId)
        await db.transaction(async (tx) => {
          const domain = await lockDomain(tx, scope, id)
          if (domain?.status !== 'pending' || (await domainInUse(tx, scope, id)) !== null) return
          await deleteDomainRow(tx, scope, id)
          const source = { actor: systemActor(tenantId), now, ip: 'local', requestId: 'system' }
          const before = toDomainWire(domain)
          await writeAudit(tx, source, { action: 'domain.expire', targetType: 'domain', targetId: id, before })
          await changes.publish(tx, domainTopic(tenantId, domain.name))
        })
      }
      removed += due.length
    }
  },
})
