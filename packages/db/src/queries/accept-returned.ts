import { z } from 'zod'
import { insertRows } from '../dialect/bulk.ts'
import type { Db } from '../client/db.ts'
import { createId } from '../id.ts'
import { defineJob, enqueue } from '../queue/index.ts'
import type { AcceptItem } from './accept-types.ts'

/** Reads the mail that came back. Added with each. */
export const readReturnedMail = defineJob({ name: 'returned', payload: z.strictObject({}), serial: true })

/** Writes down mail that came to return paths and feedback addresses, so that it is read. */
export async function acceptReturned(tx: Db, items: readonly AcceptItem[]): Promise<void> {
  const rows = items.flatMap(({ journey, objects }) =>
    objects.flatMap(({ blobKey, size, sha256, authentication = null, returned }) =>
      returned === undefined
        ? []
        : [
            {
              ...returned,
              id: createId('ret'),
              journeyId: journey.id,
              blobKey,
              size,
              sha256,
              authentication,
              createdAt: journey.startedAt,
            },
          ],
    ),
  )
  if (rows.length === 0) return
  await insertRows(tx, tx.tables.returnedMail, rows)
  await enqueue(tx, readReturnedMail, {}, { key: 'returned' })
}
