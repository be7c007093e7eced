import { z } from 'zod'
import * as setting from '../services/setting/index.ts'
import { t } from '../trpc/init.ts'
import { procedure } from '../trpc/procedures.ts'
import { one } from '../wire/index.ts'

const tag = 'Settings'

export const settings = t.router({
  get: procedure('setting:read', { method: 'GET', path: '/admin/settings', tag, summary: 'Get the settings' })
    .input(z.strictObject({}))
    .output(one(setting.settingsSchema))
    .query(async ({ ctx }) => ({ data: await setting.getSettings({ ctx: ctx.service }) })),

  update: procedure('setting:write', { method: 'PATCH', path: '/admin/settings', tag, summary: 'Change settings' })
    .input(setting.updateSettingsInput)
    .output(one(setting.settingsSchema))
    .mutation(async ({ ctx, input }) => ({ data: await setting.updateSettings({ ctx: ctx.service, input }) })),
})
