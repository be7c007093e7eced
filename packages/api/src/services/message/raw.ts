import { z } from 'zod'
import { verb } from '../../verb/index.ts'
import { requireMessage } from './internal.ts'
import { noteReading } from './reading.ts'
import { messageIdInput } from './schemas.ts'
import { readStored, type StoredContent } from './stored.ts'

/**
 * The source of a message, as stored.
 * @throws AppError FORBIDDEN, NOT_FOUND
 */
export const getRawMessage = verb({
  permission: 'message:read',
  input: messageIdInput,
  output: z.custom<StoredContent>(),
  run: async (ctx, { id }) => {
    const row = await requireMessage(ctx.db, ctx, id)
    await noteReading(ctx.db, ctx, [row.mailboxId])
    return {
      size: row.size,
      etag: row.sha256,
      open: (range) => readStored(ctx, row, () => ctx.blobs.get(row.blobKey, range)),
    }
  },
})
