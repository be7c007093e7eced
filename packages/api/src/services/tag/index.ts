export { createTag } from './create.ts'
export { listTags } from './list.ts'
export { removeTag } from './remove.ts'
export { createTagInput, listTagsInput, tagIdInput, tagSchema, type TagWire } from './schemas.ts'
