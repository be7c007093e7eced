import { updateApiKeyRow } from '@mairust/db/queries/api-key'
import { scopeOf } from '../../context.ts'
import { orNotFound } from '../../errors.ts'
import { verb, updated, unchanged } from '../../verb/index.ts'
import { changesNothing } from '../../wire/index.ts'
import {
  lockCoveredKey,
  requireGrantable,
  requireOutliving,
  toApiKeyWire,
  toColumns,
  toExpiry,
  toScopes,
  vouching,
} from './internal.ts'
import { updateApiKeyInput, apiKeySchema } from './schemas.ts'

/**
 * Changes the name, the scopes or the expiry of a key, but not its secret or the user it acts for. As with a new key, it cannot get
 * permissions that the actor does not have.
 * @throws AppError FORBIDDEN, NOT_FOUND, VALIDATION_ERROR
 */
export const updateApiKey = verb({
  permission: 'api_key:write',
  input: updateApiKeyInput,
  output: apiKeySchema,
  audit: 'api_key.update',
  notify: ['logins'],
  run: async (ctx, wanted, commit) => {
    const { id, expires_at: ends } = wanted
    const scopes = wanted.scopes === undefined ? undefined : toScopes(wanted.scopes)
    const expiresAt = ends === undefined ? undefined : toExpiry(ctx, ends)
    const given = { ...toColumns(wanted), scopes, expiresAt }
    return commit(async (tx) => {
      const { key: before, owner } = await lockCoveredKey(tx, ctx, id)
      if (changesNothing(given)) return unchanged(await toApiKeyWire(tx, ctx, before))
      // Extending only the life of a key grants its permissions anew too.
      requireGrantable(ctx, scopes ?? before.scopes, owner.role)
      requireOutliving(ctx, expiresAt === undefined ? before.expiresAt : expiresAt)
      // Nobody vouches for a key from the command line; from now on the actor does.
      const voucher = before.createdBy === null ? vouching(ctx, owner) : {}
      const was = await toApiKeyWire(tx, ctx, before)
      const change = { ...given, ...voucher }
      const after = await toApiKeyWire(
        tx,
        ctx,
        orNotFound(await updateApiKeyRow(tx, scopeOf(ctx), id, change), 'API key'),
      )
      return updated(was, after)
    })
  },
})
