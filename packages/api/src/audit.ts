import { createId, type Db } from '@mairust/db'
import { insertAuditEntry, type AuditRow } from '@mairust/db/queries/audit'
import { scopeOf, type ServiceContext } from './context.ts'

export interface AuditRecord {
  /** `domain.create`: entity and verb. */
  action: string
  targetType: string
  targetId: string | null
  before?: Record<string, unknown> | null
  after?: Record<string, unknown> | null
}

/** Who made a change, and from where. */
export type AuditSource = Pick<ServiceContext, 'actor' | 'now' | 'ip' | 'requestId'>

/** Completes a record with who made the change, when and from where. */
export const toAuditEntry = (source: AuditSource, record: AuditRecord): Omit<AuditRow, 'tenantId'> => ({
  id: createId('aud'),
  at: source.now(),
  actorKind: source.actor.kind,
  actorId: source.actor.id,
  actorName: source.actor.name,
  actorRole: source.actor.role,
  action: record.action,
  targetType: record.targetType,
  targetId: record.targetId,
  before: record.before ?? null,
  after: record.after ?? null,
  ip: source.ip,
  requestId: source.requestId,
})

/**
 * Writes an audit entry, after showing the change to the request's witness. Call it in the transaction of the change. Secrets must
 * not go into `before` and `after`.
 * @param tx handle of that transaction
 */
export const writeAudit = async (
  tx: Db,
  ctx: AuditSource & Pick<ServiceContext, 'witness'>,
  record: AuditRecord,
): Promise<void> => {
  await ctx.witness?.(tx, record)
  await insertAuditEntry(tx, scopeOf(ctx), toAuditEntry(ctx, record))
}
