import { listMailboxRows } from '@mairust/db/queries/mailbox'
import { z } from 'zod'
import { accessScope, requirePermission } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { decodeCursor, DEFAULT_LIMIT, id, parseInput, toPage, type Page } from '../../wire/index.ts'
import { toMailboxWire } from './internal.ts'
import { listMailboxesInput, type MailboxWire } from './schemas.ts'

const cursorSchema = z.tuple([id('mbx')])

/**
 * Mailboxes, oldest first. `q` finds part of an address or a display name.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const listMailboxes = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof listMailboxesInput>
}): Promise<Page<MailboxWire>> => {
  requirePermission(ctx, 'mailbox:read')
  const wanted = parseInput(listMailboxesInput, input)
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
}
