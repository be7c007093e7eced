import { createId, type Db } from '@mairust/db'
import { insertAuditEntry } from '@mairust/db/queries/audit'
import { scopeOf, type ServiceContext } from './context.ts'

export interface AuditRecord {
  /** `domain.create`: entity and verb. */
  action: string
  targetType: string
  targetId: string | null
  before?: Record<string, unknown> | null
  after?: Record<string, unknown> | null
}

/**
 * Notes who did what. Call it inside the transaction of the change. Secrets never go into `before` and `after`.
 * @param tx handle of that transaction
 */
export const writeAudit = (tx: Db, ctx: ServiceContext, record: AuditRecord): Promise<void> =>
  insertAuditEntry(tx, scopeOf(ctx), {
    id: createId('aud'),
    at: ctx.now(),
    actorKind: ctx.actor.kind,
    actorId: ctx.actor.id,
    actorName: ctx.actor.name,
    action: record.action,
    targetType: record.targetType,
    targetId: record.targetId,
    before: record.before ?? null,
    after: record.after ?? null,
    ip: ctx.ip,
    requestId: ctx.requestId,
  })
