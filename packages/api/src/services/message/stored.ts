import { BlobNotFoundError } from '@mairust/db/blob'
import { findMessage, type MessageRow } from '@mairust/db/queries/message'
import type { Runtime } from '../../context.ts'
import { AppError, notFound } from '../../errors.ts'

/**
 * What `read` makes of the key of a message's stored object. A message that was removed after its row was read is not found; an object
 * that is missing is logged.
 * @throws AppError NOT_FOUND, UNAVAILABLE
 */
export const readStored = async <Result>(
  { db, log }: Pick<Runtime, 'db' | 'log'>,
  row: MessageRow,
  read: (key: string) => Promise<Result>,
): Promise<Result> => {
  try {
    return await read(row.blobKey)
  } catch (error) {
    if (!(error instanceof BlobNotFoundError)) throw error
    const still = await findMessage(db, { tenantId: row.tenantId, mailboxIds: 'all' }, row.id)
    if (still === null) throw notFound('message')
    log.error({ err: error, tenant_id: row.tenantId, message_id: row.id }, 'The stored object of a message is missing')
    throw new AppError('UNAVAILABLE', 'The stored message is missing. Whoever runs this server has to restore it.', {
      cause: error,
    })
  }
}
