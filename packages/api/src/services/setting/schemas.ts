import { z } from 'zod'
import { label, wireBool, wireInt } from '../../wire/index.ts'

/** The settings of a tenant with their values when nothing was set. */
export const SETTING_DEFAULTS = {
  organization_name: '',
  default_quota_mb: null,
  tenant_admins_manage_equals: false,
} as const

/** Settings on the wire. */
export const settingsSchema = z.object({
  /** Name of the organisation, shown where people sign in and read. */
  organization_name: z.string(),
  /** Quota of new mailboxes in megabytes; null is no limit. */
  default_quota_mb: z.number().nullable(),
  /** Whether a tenant_admin may make and change other tenant_admins. Only a super_admin can set it. */
  tenant_admins_manage_equals: z.boolean(),
})
export type SettingsWire = z.output<typeof settingsSchema>

export const updateSettingsInput = z.strictObject({
  organization_name: label(200).optional(),
  default_quota_mb: wireInt(1, 1_073_741_824).nullable().optional(),
  tenant_admins_manage_equals: wireBool().optional(),
})
