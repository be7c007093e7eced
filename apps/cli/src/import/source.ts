import type { FolderWire } from '@mairust/api/services'

/** What a folder is for, of those that every mailbox has. */
export type FolderRole = NonNullable<FolderWire['role']>

/** A message as it lies in a maildir or an mbox. */
export interface SourceMessage {
  /** The message with CRLF line ends. */
  raw: Buffer
  /** When it arrived, as far as the source says; null: unknown. */
  receivedAt: Date | null
  seen: boolean
  starred: boolean
  answered: boolean
  draft: boolean
  /** The maildir's folder it lies in, or a label that names its folder, levels separated by `/`; null: the top. */
  folder: string | null
  /** The folder by what it is for, where the source says that rather than a name. */
  role: FolderRole | null
  tags: string[]
  /** Where it lies in its source: the same bytes in two places are two messages. */
  place: string
}

/**
 * Why a message of the source stays out: `deleted` by its owner, `empty`, `internal` to the mail program that kept it, or
 * `unreadable`.
 */
export type LeftOutReason = 'deleted' | 'empty' | 'internal' | 'unreadable'

/** A message of the source that is not imported. */
export interface LeftOut {
  leftOut: LeftOutReason
  /** Which one, and what is wrong with it. */
  detail: string
}

/** What a reader gives for each message of the source. */
export type SourceEntry = SourceMessage | LeftOut

export const isLeftOut = (entry: SourceEntry): entry is LeftOut => 'leftOut' in entry

/** The same bytes with every line ended by CRLF (RFC 5322 §2.1); files on disk mostly have LF. */
export function withCrlf(raw: Buffer): Buffer {
  let at = raw.indexOf(10)
  while (at > 0 && raw[at - 1] === 13) at = raw.indexOf(10, at + 1)
  if (at === -1) return raw
  // latin1 keeps each byte as it is.
  return Buffer.from(raw.toString('latin1').replace(/(?<!\r)\n/g, '\r\n'), 'latin1')
}
