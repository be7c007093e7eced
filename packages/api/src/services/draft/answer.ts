import type { Db } from '@mairust/db'
import type { MessageRow } from '@mairust/db/queries/message'
import { canSeeMailbox } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import type { IdOnly } from '../../wire/index.ts'
import { readerOf } from '../message/internal.ts'
import { noteReading } from '../message/reading.ts'
import type { ComposedDraft } from './compose.ts'
import { toDraftWire } from './internal.ts'
import type { DraftWire } from './schemas.ts'

/**
 * Opens a draft that is about to get its row, as no transaction may wait for that.
 * @returns what the change answers, made in its transaction: the draft, or its id alone to who may write but not read
 */
export const opener = async (
  ctx: ServiceContext,
  mailboxId: string,
  { object }: ComposedDraft,
): Promise<(tx: Db, row: MessageRow) => Promise<DraftWire | IdOnly>> => {
  if (!canSeeMailbox(ctx, 'message:read', mailboxId)) return (_tx, { id }) => Promise.resolve({ id })
  const opened = await ctx.renderer.open(object, readerOf(ctx))
  return async (tx, row) => {
    await noteReading(tx, ctx, [mailboxId])
    return toDraftWire(tx, row, opened)
  }
}
