import { ACTOR_KINDS } from '@mairust/db/schema'
import { z } from 'zod'
import { label, page, timestamp } from '../../wire/index.ts'

const change = z.record(z.string(), z.unknown()).nullable()

/** An entry of the audit log on the wire. */
export const auditEntrySchema = z.object({
  id: z.string(),
  at: z.string(),
  actor: z.object({ kind: z.enum(ACTOR_KINDS), id: z.string().nullable(), name: z.string() }),
  action: z.string(),
  target: z.object({ type: z.string(), id: z.string().nullable() }),
  before: change,
  after: change,
  ip: z.string(),
  request_id: z.string(),
})
export type AuditEntryWire = z.output<typeof auditEntrySchema>

export const listAuditInput = z.strictObject({
  ...page,
  action: label(100).optional(),
  actor_id: label(64).optional(),
  target_type: label(64).optional(),
  target_id: label(64).optional(),
  after: timestamp().optional(),
  before: timestamp().optional(),
})
