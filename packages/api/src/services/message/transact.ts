import { mailboxTopic, type Db } from '@mairust/db'
import { findMessagesForChange } from '@mairust/db/queries/message-change'
import type { MessageRow } from '@mairust/db/queries/message'
import type { ServiceContext } from '../../context.ts'
import { type Commit, type Entry, recorded } from '../../verb/index.ts'
import { byMailbox } from './change.ts'
import { ownMailboxIds } from './own.ts'
import { mailScope, toMessageWire } from './internal.ts'

/**
 * The result of a change for its caller, the rows (as they were before) that it did change, and its action in the audit log; null for
 * flags and tags, which are not audited.
 */
export type Changed<Result, Action extends string> = {
  result: Result
  changed: readonly MessageRow[]
  audited: Action | null
}

/**
 * Changes messages in one transaction: locks their mailboxes, makes the change, notifies those who watch the mailboxes, and audits
 * moves and removals of other users' mail.
 * @param change gets the messages that exist for the actor; others are missing from its rows
 */
export const changeMessages = <Result, Action extends string>(
  ctx: ServiceContext,
  commit: Commit<Action>,
  ids: readonly string[],
  change: (tx: Db, rows: MessageRow[]) => Promise<Changed<Result, Action>>,
): Promise<Result> =>
  commit(async (tx) => {
    const rows = await findMessagesForChange(tx, mailScope(ctx, 'message:write'), ids)
    const [only] = rows
    if (ctx.witness !== undefined && only !== undefined && ids.length === 1) {
      await ctx.witness(tx, { targetId: only.id, before: await toMessageWire(tx, only) })
    }
    const { result, changed, audited } = await change(tx, rows)
    if (changed.length === 0) return recorded(result)
    await ctx.changes.publish(tx, ...[...byMailbox(changed).keys()].map((id) => mailboxTopic(ctx.actor.tenantId, id)))
    return recorded(result, ...(audited === null ? [] : await foreignEntries(tx, ctx, audited, changed)))
  })

/** An audit entry for each mailbox that is not the actor's own. */
const foreignEntries = async <Action extends string>(
  tx: Db,
  ctx: ServiceContext,
  action: Action,
  rows: readonly MessageRow[],
): Promise<Entry<Action>[]> => {
  const own = await ownMailboxIds(tx, ctx)
  return [...byMailbox(rows)]
    .filter(([mailboxId]) => !own.includes(mailboxId))
    .map(([targetId, mine]) => ({
      action,
      targetId,
      before: { messages: mine.map(({ id, folderId }) => ({ id, folder_id: folderId })) },
    }))
}
