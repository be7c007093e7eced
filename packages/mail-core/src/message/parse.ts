import type { AttachmentContent, ParsedMessage, ParseLimits } from './types.ts'

/** Reads a message; never throws, whatever the bytes. */
export function parseMessage(raw: Buffer, limits: Partial<ParseLimits> = {}): ParsedMessage {
  throw new Error(`not yet ${raw.length} ${limits.depth ?? ''}`)
}

/** The content of the attachment with this index, or null when there is none. Never throws. */
export function parseAttachment(raw: Buffer, index: number): AttachmentContent | null {
  return raw.length < 0 && index ? null : null
}
