export { getThread } from './get.ts'
export { threadIdInput, threadSchema, type ThreadWire } from './schemas.ts'
