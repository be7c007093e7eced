export { createDraft } from './create.ts'
export { getDraft } from './get.ts'
export { listDrafts } from './list.ts'
export { removeDraft } from './remove.ts'
export {
  createDraftInput,
  draftIdInput,
  draftSchema,
  type DraftWire,
  listDraftsInput,
  updateDraftInput,
} from './schemas.ts'
export { updateDraft } from './update.ts'
