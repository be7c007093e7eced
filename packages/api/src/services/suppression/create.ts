import { findSameSuppression, putSuppression } from '@mairust/db/queries/suppression'
import { scopeOf } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { created, verb } from '../../verb/index.ts'
import { toNewRow, toSuppressionWire } from './internal.ts'
import { createSuppressionInput, suppressionSchema } from './schemas.ts'

/**
 * Suppresses an address: mail to it ends as `suppressed` from now on, and its senders are told. Mail that is queued already is sent.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR, also for postmaster@ and abuse@, CONFLICT when it is suppressed for the same mail
 */
export const createSuppression = verb({
  permission: 'suppression:write',
  input: createSuppressionInput,
  output: suppressionSchema,
  audit: 'suppression.create',
  run: (ctx, wanted, commit) => {
    const row = toNewRow(ctx, wanted)
    return commit(async (tx) => {
      if ((await findSameSuppression(tx, scopeOf(ctx), row)) !== null)
        throw new AppError('CONFLICT', 'The address is suppressed already.')
      return created(toSuppressionWire((await putSuppression(tx, scopeOf(ctx), row)).row))
    })
  },
})
