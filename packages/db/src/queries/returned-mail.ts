import { and, asc, eq } from 'drizzle-orm'
import type { Db } from '../client/db.ts'
import type { Tables } from '../schema/define.ts'
import type { DeliveryRow, OutgoingRow } from './delivery-claim.ts'
import { deleteRow } from './row.ts'
import { type TenantScope, tenantScope } from './scope.ts'

/** Mail that came back and has not been read, as stored. */
export type ReturnedRow = Tables['returnedMail']['$inferSelect']

/** A message of ours, and its recipients. */
export interface SentMessage {
  readonly outgoing: OutgoingRow
  readonly deliveries: readonly DeliveryRow[]
}

/** The mail of all tenants that waits to be read, the oldest first, after the one with the id `after`. */
export function waitingReturned(db: Db, limit: number): Promise<ReturnedRow[]> {
  const { returnedMail: r } = db.tables
  return db.select().from(r).orderBy(asc(r.createdAt), asc(r.id)).limit(limit)
}

/** Removes mail that has been read; false when somebody else has done so. */
export const deleteReturned = (tx: Db, { tenantId, id }: ReturnedRow): Promise<boolean> =>
  deleteRow(tx, tx.tables.returnedMail, tenantScope(tenantId), id)

/** Whom a DSN about the message or delivery with this id goes to; null when there is none, or it goes to nobody. */
export async function senderOfSent(db: Db, scope: TenantScope, subject: string): Promise<string | null> {
  const sender = (await findSent(db, scope, subject))?.outgoing.sender ?? ''
  return sender === '' ? null : sender
}

/** The message with this id, or that of the delivery with this id, or null. */
export async function findSent(db: Db, { tenantId }: TenantScope, subject: string): Promise<SentMessage | null> {
  const { deliveries: d } = db.tables
  if (subject.startsWith('out_')) return sentWhere(db, tenantId, 'id', subject)
  const [delivery] = await db
    .select({ outgoingId: d.outgoingId })
    .from(d)
    .where(and(eq(d.tenantId, tenantId), eq(d.id, subject)))
  return delivery === undefined ? null : sentWhere(db, tenantId, 'id', delivery.outgoingId)
}

/** The tenant's message with this ENVID or Message-ID, or null: also when there are several. */
export const findSentBy = (
  db: Db,
  { tenantId }: TenantScope,
  column: 'envid' | 'messageIdHeader',
  value: string,
): Promise<SentMessage | null> => sentWhere(db, tenantId, column, value)

async function sentWhere(
  db: Db,
  tenantId: string,
  column: 'id' | 'envid' | 'messageIdHeader',
  value: string,
): Promise<SentMessage | null> {
  const { outgoing: o, deliveries: d } = db.tables
  const [outgoing, ...more] = await db
    .select()
    .from(o)
    .where(and(eq(o.tenantId, tenantId), eq(o[column], value)))
    .limit(2)
  if (outgoing === undefined || more.length > 0) return null
  const deliveries = await db
    .select()
    .from(d)
    .where(and(eq(d.tenantId, tenantId), eq(d.outgoingId, outgoing.id)))
    .orderBy(asc(d.id))
  return { outgoing, deliveries }
}
