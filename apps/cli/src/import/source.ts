import type { FolderWire } from '@mairust/api/services'

/** Longest message that is read into memory, in bytes. */
export const MAX_MESSAGE = 128 * 1024 * 1024

/** What is wrong with a longer one. */
export const TOO_LONG = `it is longer than ${MAX_MESSAGE / 1024 / 1024} MiB`

/** The role of a standard folder. */
export type FolderRole = NonNullable<FolderWire['role']>

/** A message from a maildir or an mbox. */
export interface SourceMessage {
  /** The message with CRLF line endings. */
  raw: Buffer
  /** When it arrived, as far as the source says; null: unknown. */
  receivedAt: Date | null
  seen: boolean
  starred: boolean
  answered: boolean
  draft: boolean
  /** Its maildir folder, or the label that names its folder, levels separated by `/`; null: the top. */
  folder: string | null
  /** Its folder by role, when the source gives that rather than a name. */
  role: FolderRole | null
  tags: string[]
  /** Its place in the source: the same bytes in two places are two messages. */
  place: string
}

/**
 * Why a message is skipped: `deleted` by its owner, `empty`, `internal` data of a mail client, or `unreadable`.
 */
export type LeftOutReason = 'deleted' | 'empty' | 'internal' | 'unreadable'

/** A skipped message. */
export interface LeftOut {
  leftOut: LeftOutReason
  /** Which message, and what is wrong with it. */
  detail: string
}

/** What a reader yields for each message of the source. */
export type SourceEntry = SourceMessage | LeftOut

export const isLeftOut = (entry: SourceEntry): entry is LeftOut => 'leftOut' in entry

/** Converts line endings to CRLF (RFC 5322 §2.1); files on disk mostly have LF. */
export function withCrlf(raw: Buffer): Buffer {
  let at = raw.indexOf(10)
  while (at > 0 && raw[at - 1] === 13) at = raw.indexOf(10, at + 1)
  if (at === -1) return raw
  // latin1 preserves every byte.
  return Buffer.from(raw.toString('latin1').replace(/(?<!\r)\n/g, '\r\n'), 'latin1')
}
