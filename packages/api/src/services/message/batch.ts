import type { Db } from '@mairust/db'
import { removeBlobs } from '@mairust/db/blob'
import type { MessageRow } from '@mairust/db/queries/message'
import type { z } from 'zod'
import type { ServiceContext } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { type ChangeResult, flagMessages, moveMessages, restoreMessages, trashMessages } from './change.ts'
import { purgeMessages } from './purge.ts'
import { batchMessagesInput, batchResultSchema } from './schemas.ts'
import { tagMessages } from './tags.ts'
import { changeMessages } from './transact.ts'

type Batch = z.output<typeof batchMessagesInput>

const BATCH_AUDIT = ['message.move', 'message.trash', 'message.restore', 'message.purge'] as const

/** The change of a batch, and its action in the audit log. */
type Plan = {
  /** Null for flags and tags, which are not audited. */
  audited: (typeof BATCH_AUDIT)[number] | null
  run: (tx: Db, ctx: ServiceContext, rows: MessageRow[]) => Promise<ChangeResult & { blobs?: string[] }>
}

/**
 * Makes one change to up to 1000 messages, in one transaction. `failed` lists the ids that do not exist for the actor and the messages
 * that cannot be changed this way; the others are changed all the same.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR if `folder` or `tag` is missing
 */
export const batchMessages = verb({
  permission: 'message:write',
  input: batchMessagesInput,
  output: batchResultSchema,
  audit: { action: BATCH_AUDIT, target: 'mailbox' },
  run: async (ctx, batch, commit) => {
    const ids = [...new Set(batch.ids)]
    const plan = planOf(batch)
    const { found, failed, blobs } = await changeMessages(ctx, commit, ids, async (tx, rows) => {
      const { changed, failed, blobs = [] } = await plan.run(tx, ctx, rows)
      const result = { failed, blobs, found: new Set(rows.map((row) => row.id)) }
      return { result, changed, audited: plan.audited }
    })
    await removeBlobs(ctx, blobs)
    const missing = ids.filter((id) => !found.has(id)).map((id) => ({ id, code: 'NOT_FOUND' }))
    return { updated: found.size - failed.length, failed: [...missing, ...failed] }
  },
})

/** A change that never fails and is not audited. */
const unaudited = (change: (tx: Db, ctx: ServiceContext, rows: MessageRow[]) => Promise<void>): Plan => ({
  audited: null,
  run: async (tx, ctx, rows) => {
    await change(tx, ctx, rows)
    return { changed: rows, failed: [] }
  },
})

const flags = (change: Parameters<typeof flagMessages>[3]): Plan =>
  unaudited((tx, ctx, rows) => flagMessages(tx, ctx, rows, change))

const tagging = (verb: 'add_tags' | 'remove_tags', tag = ''): Plan => ({
  audited: null,
  run: (tx, ctx, rows) => tagMessages(tx, ctx, rows, { [verb]: [tag] }),
})

const moving = (folder = ''): Plan => ({
  audited: 'message.move',
  run: (tx, ctx, rows) => moveMessages(tx, ctx, rows, folder),
})

const planOf = ({ action, folder, tag }: Batch): Plan => {
  switch (action) {
    case 'mark_seen':
      return flags({ seen: true })
    case 'mark_unseen':
      return flags({ seen: false })
    case 'star':
      return flags({ starred: true })
    case 'unstar':
      return flags({ starred: false })
    case 'add_tag':
      return tagging('add_tags', tag)
    case 'remove_tag':
      return tagging('remove_tags', tag)
    case 'move':
      return moving(folder)
    case 'trash':
      return { audited: 'message.trash', run: trashMessages }
    case 'restore':
      return { audited: 'message.restore', run: restoreMessages }
    case 'purge':
      return {
        audited: 'message.purge',
        run: async (tx, _ctx, rows) => ({ changed: rows, failed: [], blobs: await purgeMessages(tx, rows) }),
      }
  }
}
