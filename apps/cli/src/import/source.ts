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
  /** The maildir's subfolder it lies in, levels separated by `/`; null: the top. */
  folder: string | null
}

/** The same bytes with every line ended by CRLF (RFC 5322 §2.1); files on disk mostly have LF. */
export function withCrlf(raw: Buffer): Buffer {
  let at = raw.indexOf(10)
  while (at > 0 && raw[at - 1] === 13) at = raw.indexOf(10, at + 1)
  if (at === -1) return raw
  // latin1 keeps each byte as it is.
  return Buffer.from(raw.toString('latin1').replace(/(?<!\r)\n/g, '\r\n'), 'latin1')
}
