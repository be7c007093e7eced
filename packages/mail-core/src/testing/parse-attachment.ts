import { splitHeaders } from '../header/index.ts'
import { readAttachment, referenced } from '../message/attachments.ts'
import { assembleBody } from '../message/body.ts'
import { shownContentIds } from '../message/content-id.ts'
import { DEFAULT_PARSE_LIMITS } from '../message/parse.ts'
import { findLeaves } from '../message/structure.ts'
import type { AttachmentContent } from '../message/types.ts'

/**
 * The attachment with this index (`AttachmentInfo.index`), decoded. Null when there is none, or the message exceeds a limit. Never
 * throws.
 */
export function parseAttachment(raw: Buffer, index: number): AttachmentContent | null {
  const block = splitHeaders(raw, 0, raw.length, DEFAULT_PARSE_LIMITS)
  if (block.overLimit !== null) return null
  try {
    const { html, attachments } = assembleBody(raw, findLeaves(raw, block, DEFAULT_PARSE_LIMITS))
    const leaf = attachments[index]
    return leaf ? readAttachment(raw, leaf, index, referenced(attachments, shownContentIds(html)).has(leaf)) : null
  } catch {
    return null
  }
}
