import { type Db, searchApart } from '@mairust/db'
import { listMessages, type MessageRow } from '@mairust/db/queries/message'
import type { MessageFilter } from '@mairust/db/queries/message-filter'
import { z } from 'zod'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { outsideTurn } from '../../http/held-turn.ts'
import { cursorTime, decodeCursor, DEFAULT_LIMIT, id, type Page, toPage } from '../../wire/index.ts'
import { mailScope, readerOf, toMessageWires } from './internal.ts'
import { noteReading } from './reading.ts'
import type { MessageWire } from './schemas.ts'

const cursorSchema = z.tuple([cursorTime(), id('msg')])

/** Where a page begins, how long it is, and in which order of receiving. */
export interface Paging {
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
  readonly order: 'asc' | 'desc'
}

/**
 * A page of the messages that the actor may read and a filter lets through. Pages are keyed by (received_at, id), so that new mail
 * does not shift them.
 * @throws AppError VALIDATION_ERROR for a cursor, and whatever `toFilter` throws
 */
export const messagePage = async (
  ctx: ServiceContext,
  { cursor, limit = DEFAULT_LIMIT, order }: Paging,
  toFilter: () => Promise<MessageFilter>,
): Promise<Page<MessageWire>> => {
  const position = decodeCursor(cursorSchema, cursor)
  const filter = await toFilter()
  const page = {
    limit: limit + 1,
    order,
    after: position === null ? undefined : { receivedAt: new Date(position[0]), id: position[1] },
  }
  const read = (db: Db): Promise<MessageRow[]> => listMessages(db, mailScope(ctx), filter, page)
  const { tenantId, userId } = readerOf(ctx)
  const rows = await (mayScan(filter)
    ? outsideTurn(() => searchApart(ctx.db, `${tenantId} ${userId}`, read))
    : read(ctx.db))
  const { data, pagination } = toPage(
    rows,
    limit,
    (row) => row,
    (row) => [row.receivedAt.getTime(), row.id],
  )
  await noteReading(
    ctx.db,
    ctx,
    data.map(({ mailboxId }) => mailboxId),
  )
  return { data: await toMessageWires(ctx.db, scopeOf(ctx), data), pagination }
}

/** Whether a page may read more than its rows: with any condition but the folder. */
const mayScan = ({ threadId, clauses }: MessageFilter): boolean =>
  threadId !== undefined || clauses.some(({ kind }) => kind !== 'folder')
