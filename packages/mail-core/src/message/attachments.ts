import { splitHeaders } from '../header/index.ts'
import { meaningsOfContentId } from './content-id.ts'
import { decodeHeaders } from './headers.ts'
import { displayName, MESSAGE, nameOf } from './filename.ts'
import { imageType } from './image-type.ts'
import type { Leaf } from './structure.ts'
import { decodeBase64 } from './base64.ts'
import { decodeTransfer } from './transfer.ts'
import type { AttachmentContent, PartPlace } from './types.ts'
import { decodeWords } from './words.ts'

/** @param index its position among the attachments */
export function readAttachment(message: Buffer, leaf: Leaf, index: number, isShown: boolean): AttachmentContent {
  const { content, place } = readFile(message, leaf)
  const contentType = leaf.contentType.value
  const name = nameOf(leaf) || (MESSAGE.test(contentType) ? messageName(content) : '')
  return {
    index,
    filename: displayName(name, contentType, index),
    contentType,
    size: content.length,
    contentId: leaf.contentId,
    // Judged by content, not by declared type: real images are shown inline, everything else is a file.
    inline: isShown && imageType(content) !== null,
    place,
    content,
  }
}

/** The file's content, and the place that holds it and nothing else. */
export function readFile(
  message: Buffer,
  { start, end, encoding, inner }: Leaf,
): { content: Buffer; place: PartPlace } {
  if (inner) return inner
  const bytes = message.subarray(start, end)
  if (encoding !== 'base64') return { content: decodeTransfer(bytes, encoding), place: { start, end, encoding } }
  const { content, rest, isEncoded } = decodeBase64(bytes)
  return { content, place: { start, end: end - rest.length, encoding: isEncoded ? 'base64' : 'none' } }
}

/**
 * The attachments shown in the body; each Content-ID shows the first that has it.
 *
 * @param shown Content-IDs of the images in the HTML.
 */
export function referenced(leaves: readonly Leaf[], shown: ReadonlySet<string>): Set<Leaf> {
  const left = new Set(shown)
  return new Set(
    leaves.filter(
      ({ contentId }) => contentId !== null && meaningsOfContentId(contentId).some((id) => left.delete(id)),
    ),
  )
}

/** A forwarded message is named after its subject. */
function messageName(content: Buffer): string {
  const headers = splitHeaders(content, 0, content.length, { headerBytes: 65_536, headerFields: 200 })
  const subjects = headers.fields.filter((field) => field.name.toLowerCase() === 'subject')
  const subject = decodeHeaders({ ...headers, fields: subjects.slice(0, 1) })[0]
  const name = subject ? decodeWords(subject.value).trim() : ''
  return name === '' ? '' : `${name}.eml`
}
