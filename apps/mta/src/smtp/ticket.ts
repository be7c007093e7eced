import type { SmtpReply } from '@mairust/mail-core/smtp'

/** One connection's slot in a listener. */
export interface Ticket {
  /** null until a trusted proxy or front end names the client. */
  address: string | null
  /** Whose connections share a fair part of the listener: the client's `clientNetwork`, '' until it is named. */
  network: string
  /** Whether the client is in `smtp.limits.exempt`. */
  exempt: boolean
  readonly acceptedAt: number
  /** When MAIL first got 250; null until then. */
  mailAt: number | null
  progress: Progress
  /** Set from DATA to its reply. Once `complete`, we owe the client a reply, and no deadline applies. */
  data: { readonly startedAt: number; bytes(): number; complete(): boolean } | null
  /** Ends the connection with this reply. */
  close: (reply: SmtpReply) => void
}

/** What protects a connection from eviction. */
interface Progress {
  /** The last step towards a message, or the connection's start. */
  at: number
  /** The connection's start, or its last accepted message. */
  messageAt: number
  /** Bytes of the present DATA seen so far. */
  bytes: number
}
