import { requirePermission } from '../../access/index.ts'
import type { ServiceContext } from '../../context.ts'
import { readSettings } from './internal.ts'
import type { SettingsWire } from './schemas.ts'

/**
 * The tenant's settings.
 * @throws AppError FORBIDDEN
 */
export const getSettings = ({ ctx }: { ctx: ServiceContext }): Promise<SettingsWire> => {
  requirePermission(ctx, 'setting:read')
  return readSettings(ctx.db, ctx)
}
