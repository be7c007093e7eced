import { z } from 'zod'
import { notFound } from '../../errors.ts'
import { verb } from '../../verb/index.ts'
import { readerOf, requireMessage } from './internal.ts'
import { noteReading } from './reading.ts'
import { attachmentInput } from './schemas.ts'
import { readStored, type StoredContent } from './stored.ts'

/** An attachment; its content is decoded while it is read. */
export interface Attachment extends StoredContent {
  filename: string
  contentType: string
}

/**
 * One attachment of a message.
 * @throws AppError FORBIDDEN, NOT_FOUND, UNAVAILABLE
 */
export const getAttachment = verb({
  permission: 'message:read',
  input: attachmentInput,
  output: z.custom<Attachment>(),
  run: async (ctx, { id, n }) => {
    const row = await requireMessage(ctx.db, ctx, id)
    await noteReading(ctx.db, ctx, [row.mailboxId])
    const found = await readStored(ctx, row, () => ctx.renderer.part(row, Number(n), readerOf(ctx)))
    if (found === null) throw notFound('attachment')
    const { filename, contentType, size } = found
    return {
      filename,
      contentType,
      size,
      etag: `${row.sha256}-${Number(n)}`,
      open: (range, signal) => readStored(ctx, row, () => found.content(range, signal)),
    }
  },
})
