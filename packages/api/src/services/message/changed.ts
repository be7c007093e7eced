import type { Db } from '@mairust/db'
import { canSeeMailbox } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import type { IdOnly } from '../../wire/index.ts'
import { requireMessage, toMessageWire } from './internal.ts'
import { noteReading } from './reading.ts'
import type { MessageWire } from './schemas.ts'

/**
 * What a change returns: the message as it is now, or only its id if the actor may write but not read.
 * @throws AppError NOT_FOUND
 */
export const toChangedMessage = async (tx: Db, ctx: ServiceContext, id: string): Promise<MessageWire | IdOnly> => {
  const row = await requireMessage(tx, ctx, id, 'message:write')
  if (!canSeeMailbox(ctx, 'message:read', row.mailboxId)) return { id }
  await noteReading(tx, ctx, [row.mailboxId])
  return toMessageWire(tx, row)
}
