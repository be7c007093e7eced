import { deleteSetting, putSetting } from '@mairust/db/queries/setting'
import { lockTenant } from '@mairust/db/queries/tenant'
import type { z } from 'zod'
import { requirePermission } from '../../access/index.ts'
import { writeAudit } from '../../audit.ts'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { parseInput } from '../../wire/index.ts'
import { readSettings } from './internal.ts'
import { updateSettingsInput, type SettingsWire } from './schemas.ts'

/**
 * Changes those settings that are given.
 * @throws AppError FORBIDDEN, VALIDATION_ERROR
 */
export const updateSettings = async ({
  ctx,
  input,
}: {
  ctx: ServiceContext
  input: z.input<typeof updateSettingsInput>
}): Promise<SettingsWire> => {
  requirePermission(ctx, 'setting:write')
  const wanted = parseInput(updateSettingsInput, input)
  return ctx.db.transaction(async (tx) => {
    // Of two changes at once, the second sees what the first did.
    await lockTenant(tx, scopeOf(ctx))
    const before = await readSettings(tx, ctx)
    for (const [key, value] of Object.entries(wanted)) {
      if (value === null) await deleteSetting(tx, scopeOf(ctx), key)
      else await putSetting(tx, scopeOf(ctx), { key, value, updatedAt: ctx.now() })
    }
    const after = await readSettings(tx, ctx)
    await writeAudit(tx, ctx, { action: 'setting.update', targetType: 'setting', targetId: null, before, after })
    return after
  })
}
