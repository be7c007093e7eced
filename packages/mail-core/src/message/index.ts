export { parseAddressList } from './addresses.ts'
export { decodeBytes } from './charset.ts'
export {
  composeSubmission,
  MAX_SUBMITTED_HEADER,
  type SubmissionTools,
  type SubmittedHeader,
} from './compose/submission.ts'
export { buildReceived, buildTraceHeaders, TRACE_STAND_IN, type TraceClient, type TraceInput } from './compose/trace.ts'
export { authorText, extraFields } from './compose/written.ts'
export { contentIdOf, meaningsOfContentId } from './content-id.ts'
export { formatMailDate, parseDate } from './date.ts'
export { type DecodingPoint, decodingPoints } from './decoding-points.ts'
export { htmlToText } from './html-to-text.ts'
export { imageType } from './image-type.ts'
export { buildIndex, HOSTILE_VERSION, INDEX_VERSION } from './index-task.ts'
export { DEFAULT_PARSE_LIMITS, parseMessage } from './parse.ts'
export { makePreview } from './preview.ts'
export { type LongField, longFields, SHOWN, shownMailbox, shownStart, shownSummary } from './shown.ts'
export { MAX_STORED_ADDRESS, MAX_STORED_TEXT, toStoredMessageId, toStoredText } from './stored-text.ts'
export { repliedIdsOf, threadKeys } from './thread.ts'
export { createTransferDecoder, type TransferDecoder } from './transfer-stream.ts'
export { decodeWords } from './words.ts'
export type {
  AttachmentContent,
  AttachmentInfo,
  HeaderField,
  MailboxAddress,
  MessageIndex,
  MessageSummary,
  ParsedMessage,
  ParseLimits,
  PartPlace,
  SearchTokens,
} from './types.ts'
export { tokenizeHtml } from './tokenize-html.ts'
