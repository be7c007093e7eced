import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { requireMessage } from './internal.ts'
import { noteReading } from './reading.ts'
import { messageIdInput } from './schemas.ts'
import { readStored, type StoredContent } from './stored.ts'

/**
 * The stored bytes of a message.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getRawMessage = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof messageIdInput>
}): Promise<StoredContent> => {
  requirePermission(ctx, 'message:read')
  const { id } = parseInput(messageIdInput, input)
  const row = await requireMessage(ctx.db, ctx, id)
  await noteReading(ctx.db, ctx, [row.mailboxId])
  return {
    size: row.size,
    etag: row.sha256,
    open: (range) => readStored(ctx, row, () => ctx.blobs.get(row.blobKey, range)),
  }
}
