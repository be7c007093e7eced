import { findSameSuppression, putSuppression } from '@mairust/db/queries/suppression'
import { scopeOf } from '../../context.ts'
import { recorded, verb } from '../../verb/index.ts'
import { toNewRow } from './internal.ts'
import { importedSchema, importSuppressionsInput } from './schemas.ts'

/**
 * Suppresses up to 1000 addresses in one transaction, all or none. What is suppressed already gets the given reason and end.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR, which names the entry
 */
export const importSuppressions = verb({
  permission: 'suppression:write',
  input: importSuppressionsInput,
  output: importedSchema,
  audit: 'suppression.import',
  run: (ctx, { suppressions }, commit) => {
    const rows = suppressions.map((wanted, at) => toNewRow(ctx, wanted, `suppressions.${at}.`))
    // In one order everywhere, so that imports never wait for each other in a circle.
    const ordered = rows.toSorted((a, b) => (a.address < b.address ? -1 : 1))
    return commit(async (tx) => {
      let added = 0
      for (const row of ordered) {
        await findSameSuppression(tx, scopeOf(ctx), row)
        if ((await putSuppression(tx, scopeOf(ctx), row)).isNew) added += 1
      }
      const answer = { added, updated: rows.length - added }
      return recorded(answer, { targetId: null, after: answer })
    })
  },
})
