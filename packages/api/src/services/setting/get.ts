import { verb } from '../../verb/index.ts'
import { nothing } from '../../wire/index.ts'
import { readSettings } from './internal.ts'
import { settingsSchema } from './schemas.ts'

/**
 * The tenant's settings.
 * @throws AppError FORBIDDEN
 */
export const getSettings = verb({
  permission: 'setting:read',
  input: nothing,
  output: settingsSchema,
  run: (ctx) => readSettings(ctx.db, ctx),
})
