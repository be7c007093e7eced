export { type Attachment, getAttachment } from './attachment.ts'
export { batchMessages } from './batch.ts'
export { getMessage } from './get.ts'
export { mailScope } from './internal.ts'
export { listMessages } from './list.ts'
export { moveMessage } from './move.ts'
export { getRawMessage } from './raw.ts'
export { removeMessage } from './remove.ts'
export { restoreMessage } from './restore.ts'
export {
  attachmentInput,
  batchMessagesInput,
  batchResultSchema,
  listMessagesInput,
  messageDetailSchema,
  messageIdInput,
  messageSchema,
  moveMessageInput,
  removeMessageInput,
  updateMessageInput,
  type BatchResultWire,
  type MessageDetailWire,
  type MessageWire,
} from './schemas.ts'
export type { StoredContent } from './stored.ts'
export { updateMessage } from './update.ts'
