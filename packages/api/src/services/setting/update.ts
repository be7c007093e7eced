import { deleteSetting, putSetting } from '@mairust/db/queries/setting'
import { lockTenant } from '@mairust/db/queries/tenant'
import { requirePermission } from '../../access/index.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { AppError } from '../../errors.ts'
import { verb, recorded } from '../../verb/index.ts'
import { readSettings } from './internal.ts'
import { updateSettingsInput, settingsSchema } from './schemas.ts'

/**
 * Changes the given settings.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const updateSettings = verb({
  permission: 'setting:write',
  input: updateSettingsInput,
  output: settingsSchema,
  audit: 'setting.update',
  run: (ctx, wanted, commit) =>
    commit(async (tx) => {
      // Of two concurrent changes, the second must see the first.
      await lockTenant(tx, scopeOf(ctx))
      const before = await readSettings(tx, ctx)
      const equals = wanted.tenant_admins_manage_equals
      if (equals !== undefined && equals !== before.tenant_admins_manage_equals) requireSuperAdmin(ctx)
      for (const [key, value] of Object.entries(wanted)) {
        if (value === null) await deleteSetting(tx, scopeOf(ctx), key)
        else await putSetting(tx, scopeOf(ctx), { key, value, updatedAt: ctx.now() })
      }
      const after = await readSettings(tx, ctx)
      return recorded(after, { targetId: null, before, after })
    }),
})

/** Those whom the setting would allow to create administrators must not change it themselves. */
const requireSuperAdmin = (ctx: ServiceContext): void => {
  requirePermission(ctx, 'user:promote')
  if (ctx.actor.role === 'super_admin') return
  throw new AppError('FORBIDDEN', 'Only a super_admin can set tenant_admins_manage_equals.')
}
