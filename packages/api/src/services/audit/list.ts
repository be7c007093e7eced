import { listAuditEntries, type AuditRow } from '@mairust/db/queries/audit'
import { z } from 'zod'
import type { Role } from '@mairust/db/schema'
import { rolesAbove } from '../../access/index.ts'
import { scopeOf } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { cursorTime, decodeCursor, DEFAULT_LIMIT, id, toPage, wireTime, listOutput } from '../../wire/index.ts'
import { listAuditInput, type AuditEntryWire, auditEntrySchema } from './schemas.ts'

/** Milliseconds since 1970, and an id to order entries of the same moment. */
const cursorSchema = z.tuple([cursorTime(), id('aud')])

/** Kinds of resource that belong to somebody's mail. */
const MAIL: ReadonlySet<string> = new Set(['delivery', 'folder', 'tag'])

/**
 * The audit log of the tenant, newest first. What happened to mail of a higher role is in it, but not what that mail says: only who has
 * that role can act on it.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listAudit = verb({
  permission: 'audit:read',
  input: listAuditInput,
  output: listOutput(auditEntrySchema),
  run: async (ctx, wanted) => {
    const { limit = DEFAULT_LIMIT } = wanted
    const position = decodeCursor(cursorSchema, wanted.cursor)
    const rows = await listAuditEntries(
      ctx.db,
      scopeOf(ctx),
      {
        action: wanted.action,
        actorId: wanted.actor_id,
        targetType: wanted.target_type,
        targetId: wanted.target_id,
        after: wanted.after === undefined ? undefined : new Date(wanted.after),
        before: wanted.before === undefined ? undefined : new Date(wanted.before),
      },
      { limit: limit + 1, position: position === null ? undefined : { at: new Date(position[0]), id: position[1] } },
    )
    return toPage(rows, limit, toWire(ctx.actor.role), (row) => [row.at.getTime(), row.id])
  },
})

const toWire =
  (reader: Role) =>
  (row: AuditRow): AuditEntryWire => {
    const hidden = rolesAbove(reader)
    const isHidden =
      MAIL.has(row.targetType) && (row.actorRole === null ? hidden.length > 0 : hidden.includes(row.actorRole))
    return {
      id: row.id,
      at: wireTime(row.at),
      actor: { kind: row.actorKind, id: row.actorId, name: row.actorName },
      action: row.action,
      target: { type: row.targetType, id: row.targetId },
      before: isHidden ? null : row.before,
      after: isHidden ? null : row.after,
      ip: row.ip,
      request_id: row.requestId,
    }
  }
