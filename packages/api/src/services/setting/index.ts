export { getSettings } from './get.ts'
export { settingsSchema, updateSettingsInput, type SettingsWire } from './schemas.ts'
export { updateSettings } from './update.ts'
