import { type MailboxAddress, MAX_SHOWN_HTML, type MessageSummary } from '@mairust/mail-core/message'
import type { Grant } from './signature.ts'

/** Most characters of HTML that are sanitised, and of text that is shown; beyond it there is the source. */
export const MAX_SHOWN = MAX_SHOWN_HTML

/** What the worker is asked. `raw` is the stored object. */
export type RenderTask =
  | { kind: 'parse'; raw: Uint8Array }
  | ({ kind: 'sanitize' } & SanitizeInput)
  | { kind: 'text'; content: string; format: TextFormat }

/** What a text is taken from. */
export type TextFormat = 'plain' | 'html'

/** HTML to be shown, with all that is needed to address its pictures. */
export type SanitizeInput = {
  html: string
  grant: Grant
  /** From `grantKey`. */
  signingKey: Uint8Array
  /** Parts that a `cid:` address may mean. */
  parts: { index: number; contentId: string }[]
  remoteImages: boolean
}

/** Everything that is read from the object when a message is opened. */
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
  /** At most `MAX_SHOWN` characters. */
  text: string | null
  /** Not sanitised. Null when there is none, and when it is larger than `MAX_SHOWN`. */
  html: string | null
  htmlTooLarge: boolean
  parseError: string | null
}

/** An attachment, without its content. */
export type OpenedAttachment = OpenedMessage['attachments'][number]

/** Sanitised HTML, and how many remote pictures it does not show. */
export type SanitizedHtml = { html: string; blockedImages: number }

export type RenderResult = OpenedMessage | SanitizedHtml | string | null
