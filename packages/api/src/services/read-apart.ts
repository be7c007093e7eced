import { type Db, searchApart, SearchTooSlowError } from '@mairust/db'
import type { ServiceContext } from '../context.ts'
import { invalidField } from '../errors.ts'
import { outsideTurn } from '../http/held-turn.ts'

/**
 * Reads what may have many rows looked through: others' requests do not wait for that.
 * @param remedy the field that makes it fast, and what to do with it
 * @throws AppError VALIDATION_ERROR when it takes too long
 */
export const readApart = <Rows>(
  { db, actor }: ServiceContext,
  remedy: { readonly field: string; readonly reason: string },
  read: (db: Db) => Promise<Rows>,
): Promise<Rows> =>
  outsideTurn(() => searchApart(db, `${actor.tenantId} ${actor.userId ?? actor.name}`, read)).catch(
    (error: unknown) => {
      if (!(error instanceof SearchTooSlowError)) throw error
      throw invalidField(remedy.field, remedy.reason)
    },
  )
