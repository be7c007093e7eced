import type { Readable } from 'node:stream'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { requireMessage } from './internal.ts'
import { messageIdInput } from './schemas.ts'
import { readStored } from './stored.ts'

/** A stored message: its exact bytes. */
export interface RawMessage {
  content: Readable
  size: number
  /** Hex SHA-256 of the bytes. */
  sha256: string
}

/**
 * The stored bytes of a message, as a stream.
 * @throws AppError FORBIDDEN, NOT_FOUND, UNAVAILABLE
 */
export const getRawMessage = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof messageIdInput>
}): Promise<RawMessage> => {
  requirePermission(ctx, 'message:read')
  const { id } = parseInput(messageIdInput, input)
  const row = await requireMessage(ctx.db, ctx, id)
  return { content: await readStored(ctx, row, (key) => ctx.blobs.get(key)), size: row.size, sha256: row.sha256 }
}
