/** Transfer encoding (RFC 2045 §6); `none` for 7bit, 8bit and binary. */
export type Encoding = 'base64' | 'quoted-printable' | 'uuencode' | 'none'

/** A mailbox in a header field. `address` is as written (not normalised); `name` is decoded, '' when absent. */
export type MailboxAddress = { name: string; address: string }

/** One header field, in the order of the message, duplicates kept. */
export type HeaderField = {
  /** As written, without the colon. */
  name: string
  /** Unfolded, with raw 8-bit bytes decoded and encoded words left as they are (see `decodeWords`). */
  value: string
  /** The exact bytes from the name up to the final line end, folds included. A view of the message. */
  raw: Buffer
}

/** Where a part's encoded content is in the message, and its encoding (see `createTransferDecoder`). */
export type PartPlace = {
  start: number
  /** Exclusive. */
  end: number
  encoding: Encoding
  /** The range of the decoded content that is meant; all of it when absent. */
  within?: { start: number; end: number }
}

/** An attachment without its content. */
export type AttachmentInfo = {
  /** Position in the message's list of attachments, from 0. */
  index: number
  /** For display only, never a path: without separators, control and bidi characters; never empty. */
  filename: string
  /** Lower case `type/subtype`. */
  contentType: string
  /** Bytes after decoding. */
  size: number
  /** Without angle brackets. */
  contentId: string | null
  /** True when the part is shown in the body (a `cid:` image) and so is not listed as a file. */
  inline: boolean
  place: PartPlace
}

/** An attachment with its decoded content. */
export type AttachmentContent = AttachmentInfo & { content: Buffer }

/** What the list and detail views show of a message. Message-IDs are without angle brackets. */
export type MessageSummary = {
  subject: string
  from: MailboxAddress[]
  sender: MailboxAddress | null
  to: MailboxAddress[]
  cc: MailboxAddress[]
  bcc: MailboxAddress[]
  replyTo: MailboxAddress[]
  date: Date | null
  messageId: string | null
  /** Usually one; a message may reply to several. */
  inReplyTo: string[]
  references: string[]
  /** At most 200 characters of text, white space collapsed. */
  preview: string
  attachments: AttachmentInfo[]
  /** True when there is an attachment that is not inline. */
  hasAttachments: boolean
}

/** Limits of parsing; a message beyond one of them is stored raw and shown as "could not be parsed". */
export type ParseLimits = {
  /** Bytes of one header block. */
  headerBytes: number
  /** Fields of one header block. */
  headerFields: number
  /** Levels of multipart inside multipart. */
  depth: number
  /** Parts, containers included. */
  parts: number
}

/** A parsed message. When `ok` is false, `index` and `headers` hold what could still be read and `reason` says why. */
export type ParsedMessage = { index: MessageSummary; headers: HeaderField[] } & (
  | { ok: true; reason: null; text: string | null; html: string | null }
  | { ok: false; reason: string; text: null; html: null }
)

/**
 * Tokens of the four search fields, joined by spaces; see `tokenText` of the search folder. A string a field, because thousands of
 * short ones take longer to pass from thread to thread than to make.
 */
export type SearchTokens = { subject: string; sender: string; recipients: string; body: string }

/** What intake stores of a message: bounded, and safe for both databases and structured clone. */
export type MessageIndex = MessageSummary & {
  search: SearchTokens
  /** Null, or why the message could not be parsed. */
  parseError: string | null
  /** The `INDEX_VERSION` that built it; 0 or `HOSTILE_VERSION` for a stand-in that must be built again. */
  version: number
}
