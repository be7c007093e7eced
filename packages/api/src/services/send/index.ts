export { sendBatch } from './batch.ts'
export { sendDraft } from './draft.ts'
export { sendBatchInput, sendDraftInput, sendInput, sentBatchSchema, sentSchema } from './schemas.ts'
export { send } from './send.ts'
