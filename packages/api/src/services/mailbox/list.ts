import { listMailboxRows } from '@mairust/db/queries/mailbox'
import { z } from 'zod'
import { accessScope } from '../../access/index.ts'
import { scopeOf } from '../../context.ts'
import { verb } from '../../verb/index.ts'
import { decodeCursor, DEFAULT_LIMIT, id, toPage, listOutput } from '../../wire/index.ts'
import { toMailboxWire } from './internal.ts'
import { listMailboxesInput, mailboxSchema } from './schemas.ts'

const cursorSchema = z.tuple([id('mbx')])

/**
 * Mailboxes, oldest first. `q` matches part of an address or a display name.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listMailboxes = verb({
  permission: 'mailbox:read',
  input: listMailboxesInput,
  output: listOutput(mailboxSchema),
  run: async (ctx, wanted) => {
    const { limit = DEFAULT_LIMIT } = wanted
    const rows = await listMailboxRows(ctx.db, scopeOf(ctx), {
      limit: limit + 1,
      after: decodeCursor(cursorSchema, wanted.cursor)?.[0],
      contains: wanted.q,
      domainId: wanted.domain_id,
      userId: wanted.user_id,
      ids: accessScope(ctx, 'mailbox:read').mailboxIds,
    })
    return toPage(rows, limit, toMailboxWire, (row) => [row.id])
  },
})
