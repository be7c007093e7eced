import * as setting from '../services/setting/index.ts'
import { t } from '../trpc/init.ts'
import { mutation, query } from '../trpc/procedures.ts'

const tag = 'Settings'

export const settings = t.router({
  get: query(setting.getSettings, { path: '/admin/settings', tag, summary: 'Get the settings' }),

  update: mutation(setting.updateSettings, {
    method: 'PATCH',
    path: '/admin/settings',
    tag,
    summary: 'Change settings',
  }),
})
