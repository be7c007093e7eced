import { tenantScope } from '@mairust/db/queries/scope'
import type { Readable } from 'node:stream'
import { BlobNotFoundError, type BlobRange } from '@mairust/db/blob'
import { findMessage, type MessageRow } from '@mairust/db/queries/message'
import type { Runtime } from '../../context.ts'
import { AppError, notFound } from '../../errors.ts'

/** Bytes of a message that are read as they are asked for. */
export interface StoredContent {
  size: number
  /** The same for the same bytes only; without quotes. */
  etag: string
  /** All of it, or a range. `signal` aborts when the client leaves. @throws AppError NOT_FOUND, UNAVAILABLE */
  open: (range?: BlobRange, signal?: AbortSignal) => Promise<Readable>
}

/** A draft was saved again while it was read: reading it once more helps. */
export class SavedAnewError extends AppError {
  constructor(cause: unknown) {
    super('UNAVAILABLE', 'The draft was saved while it was read. Try again.', { cause, retryAfter: 1 })
  }
}

/**
 * What `read` reads of a message's stored object. A message that was removed after its row was read is not found, a draft that was saved
 * anew may be read again; an object that is missing is logged.
 * @throws AppError NOT_FOUND, UNAVAILABLE
 */
export const readStored = async <Result>(
  { db, log }: Pick<Runtime, 'db' | 'log'>,
  row: MessageRow,
  read: () => Promise<Result>,
): Promise<Result> => {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof BlobNotFoundError)) throw error
    const still = await findMessage(db, { ...tenantScope(row.tenantId), mailboxIds: 'all' }, row.id)
    if (still === null) throw notFound('message')
    if (still.blobKey !== row.blobKey) {
      throw new SavedAnewError(error)
    }
    log.error({ err: error, tenant_id: row.tenantId, message_id: row.id }, 'The stored object of a message is missing')
    throw new AppError('UNAVAILABLE', 'The stored message is missing. Whoever runs this server has to restore it.', {
      cause: error,
    })
  }
}
