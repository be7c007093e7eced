import { createHash } from 'node:crypto'
import type { Db } from '@mairust/db'
import { insertAuditEntryOnce } from '@mairust/db/queries/audit'
import { createIdFactory } from '@mairust/mail-core/id'
import { toAuditEntry, type AuditSource } from '../../audit.ts'
import { scopeOf } from '../../context.ts'
import { ownMailboxIds } from './own.ts'

const HOUR_MS = 3_600_000

/**
 * Audits that an actor reads mail of mailboxes that they do not own: one entry an hour for each actor and mailbox, across all
 * processes. Call it before returning content, so that without an entry there is no content.
 */
export const noteReading = async (db: Db, reader: AuditSource, mailboxIds: Iterable<string>): Promise<void> => {
  const { role, mailOwnerId } = reader.actor
  // The role `user` gives access to one's own mailboxes only.
  if (role === 'user' && mailOwnerId !== null) return
  const read = new Set(mailboxIds)
  if (read.size === 0) return
  for (const id of await ownMailboxIds(db, reader)) read.delete(id)
  for (const mailboxId of [...read].sort()) {
    const entry = toAuditEntry(reader, { action: 'mailbox.read', targetType: 'mailbox', targetId: mailboxId })
    await insertAuditEntryOnce(db, scopeOf(reader), { ...entry, id: hourlyId(reader, mailboxId) })
  }
}

/** An id that depends only on actor, mailbox and hour, so that the database keeps one entry. */
const hourlyId = ({ actor, now }: AuditSource, mailboxId: string): string => {
  const hour = Math.floor(now().getTime() / HOUR_MS) * HOUR_MS
  const digest = createHash('sha256')
    .update(`${actor.kind} ${actor.id ?? actor.name} ${mailboxId} ${hour}`)
    .digest()
  return createIdFactory({ now: () => hour, random: (size) => digest.subarray(0, size) })('aud')
}
