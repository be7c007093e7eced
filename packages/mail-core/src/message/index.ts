export { parseAttachment, parseMessage } from './parse.ts'
export { buildIndex } from './index-task.ts'
export { MAX_STORED_ADDRESS, MAX_STORED_TEXT, toStoredMessageId, toStoredText } from './stored-text.ts'
export { buildReceived, buildTraceHeaders, countReceived } from './received.ts'
export type { TraceInput } from './received.ts'
export type {
  AttachmentContent,
  AttachmentInfo,
  HeaderField,
  MailboxAddress,
  MessageIndex,
  MessageSummary,
  ParsedMessage,
  ParseLimits,
  SearchTokens,
} from './types.ts'
