import type { Db } from '@mairust/db'
import { findMailboxIds } from '@mairust/db/queries/actor'
import { findMessagesForChange } from '@mairust/db/queries/message-change'
import type { MessageRow } from '@mairust/db/queries/message'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { byMailbox } from './change.ts'
import { mailboxTopic, mailScope } from './internal.ts'

/** What a change is called in the audit log; null for what is not audited (flags and tags). */
export type AuditedChange = 'message.move' | 'message.trash' | 'message.restore' | 'message.purge' | null

/**
 * Changes messages in one transaction: their mailboxes are locked, what the change says is done, whoever watches the mailboxes is
 * told, and moving or removing somebody else's mail is put into the audit log.
 * @param change is given the messages that exist for the actor; the others are missing from its rows
 */
export const changeMessages = async <Result>(
  ctx: ServiceContext,
  ids: readonly string[],
  audited: AuditedChange,
  change: (tx: Db, rows: MessageRow[]) => Promise<Result>,
): Promise<Result> =>
  ctx.db.transaction(async (tx) => {
    const rows = await findMessagesForChange(tx, mailScope(ctx), ids)
    const result = await change(tx, rows)
    if (rows.length > 0) {
      if (audited !== null) await auditForeign(tx, ctx, audited, rows)
      await ctx.changes.publish(tx, ...[...byMailbox(rows).keys()].map(mailboxTopic))
    }
    return result
  })

/** One entry for each mailbox that is not the actor's own. */
const auditForeign = async (
  tx: Db,
  ctx: ServiceContext,
  action: string,
  rows: readonly MessageRow[],
): Promise<void> => {
  const { userId } = ctx.actor
  const own = userId === null ? [] : await findMailboxIds(tx, scopeOf(ctx), { userId })
  for (const [mailboxId, mine] of byMailbox(rows)) {
    if (own.includes(mailboxId)) continue
    const before = { messages: mine.map(({ id, folderId }) => ({ id, folder_id: folderId })) }
    await writeAudit(tx, ctx, { action, targetType: 'mailbox', targetId: mailboxId, before })
  }
}
