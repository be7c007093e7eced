import { mailboxTopic } from '@mairust/db'
import type { Db } from '@mairust/db'
import { findMailboxIds } from '@mairust/db/queries/mailbox'
import { findMessagesForChange } from '@mairust/db/queries/message-change'
import type { MessageRow } from '@mairust/db/queries/message'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { byMailbox } from './change.ts'
import { mailScope, toMessageWire } from './internal.ts'

/** What a change is called in the audit log; null for what is not audited (flags and tags). */
export type AuditedChange = 'message.move' | 'message.trash' | 'message.restore' | 'message.purge' | null

/** What came of a change: what its caller is told, the rows (as they were) that it really changed, and what that is called. */
export type Changed<Result> = { result: Result; changed: readonly MessageRow[]; audited: AuditedChange }

/**
 * Changes messages in one transaction: their mailboxes are locked, what the change says is done, whoever watches the mailboxes is
 * told, and moving or removing somebody else's mail is put into the audit log.
 * @param change is given the messages that exist for the actor; the others are missing from its rows
 */
export const changeMessages = async <Result>(
  ctx: ServiceContext,
  ids: readonly string[],
  change: (tx: Db, rows: MessageRow[]) => Promise<Changed<Result>>,
): Promise<Result> =>
  ctx.db.transaction(async (tx) => {
    const rows = await findMessagesForChange(tx, mailScope(ctx, 'message:write'), ids)
    const [only] = rows
    if (ctx.witness !== undefined && only !== undefined && ids.length === 1) {
      await ctx.witness(tx, { targetId: only.id, before: await toMessageWire(tx, only) })
    }
    const { result, changed, audited } = await change(tx, rows)
    if (changed.length > 0) {
      if (audited !== null) await auditForeign(tx, ctx, audited, changed)
      await ctx.changes.publish(tx, ...[...byMailbox(changed).keys()].map((id) => mailboxTopic(ctx.actor.tenantId, id)))
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
