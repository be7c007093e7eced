import { z } from 'zod'
import { flag, label, line, wireBool, wireInt, word, type Words } from '../../wire/index.ts'

const ORGANIZATION_NAME: Words = [
  'Name of the organisation, shown on the sign-in page and the mail pages.',
  'Example Ltd',
]
const DEFAULT_QUOTA_MB: Words = ['Quota of new mailboxes in MB of 1,048,576 bytes; null for no limit.', 1024, 'int64']
const TENANT_ADMINS_MANAGE_EQUALS: Words = [
  'Whether a tenant_admin may manage other tenant_admins. Only a super_admin can set it.',
  false,
]

/** The settings of a tenant, with their defaults. */
export const SETTING_DEFAULTS = {
  organization_name: '',
  default_quota_mb: null,
  tenant_admins_manage_equals: false,
} as const

/** Settings on the wire. */
export const settingsSchema = z.object({
  organization_name: line(...ORGANIZATION_NAME),
  default_quota_mb: word(z.number().nullable(), ...DEFAULT_QUOTA_MB),
  tenant_admins_manage_equals: flag(...TENANT_ADMINS_MANAGE_EQUALS),
})
export type SettingsWire = z.output<typeof settingsSchema>

export const updateSettingsInput = z.strictObject({
  organization_name: word(label(200), ...ORGANIZATION_NAME).optional(),
  default_quota_mb: word(wireInt(1, 1_073_741_824).nullable(), ...DEFAULT_QUOTA_MB).optional(),
  tenant_admins_manage_equals: word(wireBool(), ...TENANT_ADMINS_MANAGE_EQUALS).optional(),
})
