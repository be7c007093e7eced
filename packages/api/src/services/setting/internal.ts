import type { Db } from '@mairust/db'
import { listSettings } from '@mairust/db/queries/setting'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { SETTING_DEFAULTS, settingsSchema, type SettingsWire } from './schemas.ts'

/** The settings of the actor's tenant. A stored value that no longer fits counts as not set. */
export const readSettings = async (db: Db, ctx: ServiceContext): Promise<SettingsWire> => {
  const stored = await listSettings(db, scopeOf(ctx))
  const fitting = Object.entries(settingsSchema.shape)
    .map(([key, schema]) => [key, schema.safeParse(stored.get(key))] as const)
    .flatMap(([key, { success, data }]) => (success ? [[key, data]] : []))
  return settingsSchema.parse({ ...SETTING_DEFAULTS, ...Object.fromEntries(fitting) })
}
