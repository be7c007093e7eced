import { mailboxTopic, type Db } from '@mairust/db'
import { findMailboxIds } from '@mairust/db/queries/mailbox'
import { findMessagesForChange } from '@mairust/db/queries/message-change'
import type { MessageRow } from '@mairust/db/queries/message'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { type Commit, type Entry, recorded } from '../../verb/index.ts'
import { byMailbox } from './change.ts'
import { mailScope, toMessageWire } from './internal.ts'

/**
 * What came of a change: what its caller is told, the rows (as they were) that it really changed, and what that is called in the audit
 * log; null for what is not audited (flags and tags).
 */
export type Changed<Result, Action extends string> = {
  result: Result
  changed: readonly MessageRow[]
  audited: Action | null
}

/**
 * Changes messages in one transaction: their mailboxes are locked, what the change says is done, whoever watches the mailboxes is
 * told, and moving or removing somebody else's mail is put into the audit log.
 * @param change is given the messages that exist for the actor; the others are missing from its rows
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

/** One entry for each mailbox that is not the actor's own. */
const foreignEntries = async <Action extends string>(
  tx: Db,
  ctx: ServiceContext,
  action: Action,
  rows: readonly MessageRow[],
): Promise<Entry<Action>[]> => {
  const { userId } = ctx.actor
  const own = userId === null ? [] : await findMailboxIds(tx, scopeOf(ctx), { userId })
  return [...byMailbox(rows)]
    .filter(([mailboxId]) => !own.includes(mailboxId))
    .map(([targetId, mine]) => ({
      action,
      targetId,
      before: { messages: mine.map(({ id, folderId }) => ({ id, folder_id: folderId })) },
    }))
}
