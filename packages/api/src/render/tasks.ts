import type { DecodingPoint, LongField, MailboxAddress, MessageSummary } from '@mairust/mail-core/message'
import type { Grant } from './signature.ts'

/** A task for the worker. `raw` is the stored object. */
export type RenderTask =
  | { kind: 'parse'; raw: Uint8Array }
  | ({ kind: 'sanitize' } & SanitizeInput)
  | { kind: 'text'; content: string; format: TextFormat }

/** Who reads. Readers take turns, so that none waits for everything that another has requested. */
export type Reader = { tenantId: string; userId: string }

/** What the content of a text task is. */
export type TextFormat = 'plain' | 'html'

/** HTML to sanitise, with what is needed to sign the URLs of its images. */
export type SanitizeInput = {
  html: string
  grant: Grant
  /** From `grantKey`. */
  signingKey: Uint8Array
  /** Parts that a `cid:` URL may refer to. */
  parts: { index: number; contentId: string }[]
  remoteImages: boolean
}

/** Everything that is parsed from the object when a message is opened, no more of it than is shown (`SHOWN`). */
export type OpenedMessage = Pick<
  MessageSummary,
  | 'subject'
  | 'from'
  | 'to'
  | 'cc'
  | 'bcc'
  | 'replyTo'
  | 'date'
  | 'messageId'
  | 'inReplyTo'
  | 'references'
  | 'attachments'
> & {
  sender: MailboxAddress | null
  /** Unfolded, in the order of the message. */
  headers: { name: string; value: string }[]
  text: string | null
  /** Not sanitised. Null if there is none, or it is longer than is shown. */
  html: string | null
  /** What the message has more of than is here. */
  truncated: LongField[]
  parseError: string | null
  /** Where the decoding of large attachments can begin, by where they start in the object. */
  points: ReadonlyMap<number, readonly DecodingPoint[]>
}

/** An attachment, without its content. */
export type OpenedAttachment = OpenedMessage['attachments'][number]

/** Sanitised HTML, and the number of blocked remote images. */
export type SanitizedHtml = { html: string; blockedImages: number }

/** Sanitised HTML, unless it has become too long. */
export type SanitizeResult = SanitizedHtml | 'too_large'

export type RenderResult = OpenedMessage | SanitizedHtml | string | null
