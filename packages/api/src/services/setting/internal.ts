import type { Db } from '@mairust/db'
import { listSettings } from '@mairust/db/queries/setting'
import { scopeOf, type ServiceContext } from '../../context.ts'
import { SETTING_DEFAULTS, settingsSchema, type SettingsWire } from './schemas.ts'

/** The settings of the actor's tenant. A stored value that no longer fits counts as not set. */
export const readSettings = async (db: Db, ctx: ServiceContext): Promise<SettingsWire> => {
  const stored = await listSettings(db, scopeOf(ctx))
  const { organization_name: name, default_quota_mb: quota, tenant_admins_manage_equals: equals } = settingsSchema.shape
  return {
    organization_name: name.catch(SETTING_DEFAULTS.organization_name).parse(stored.get('organization_name')),
    default_quota_mb: quota.catch(SETTING_DEFAULTS.default_quota_mb).parse(stored.get('default_quota_mb')),
    tenant_admins_manage_equals: equals
      .catch(SETTING_DEFAULTS.tenant_admins_manage_equals)
      .parse(stored.get('tenant_admins_manage_equals')),
  }
}
