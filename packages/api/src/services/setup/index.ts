export { bootstrapAdmin } from './bootstrap.ts'
export { completeSetup } from './complete.ts'
export {
  completeSetupInput,
  setupResultSchema,
  setupStatusInput,
  setupStatusSchema,
  type SetupResultWire,
  type SetupStatusWire,
} from './schemas.ts'
export { getSetupStatus } from './status.ts'
export { isSetupNeeded, issueSetupToken } from './token.ts'
