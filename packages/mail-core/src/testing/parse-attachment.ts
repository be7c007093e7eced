import { readAttachment } from '../message/attachments.ts'
import { readMessage } from '../message/parse.ts'
import type { AttachmentContent } from '../message/types.ts'

/**
 * The attachment with this index (`AttachmentInfo.index`), decoded. Null when there is none, or the message exceeds a limit. Never
 * throws.
 */
export function parseAttachment(raw: Buffer, index: number): AttachmentContent | null {
  const { parsed, files } = readMessage(raw)
  const leaf = files[index]
  return leaf ? readAttachment(raw, leaf, index, parsed.index.attachments[index]?.inline === true) : null
}
