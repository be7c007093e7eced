import { decodeHeaders, splitHeaders } from './headers.ts'
import { displayName } from './filename.ts'
import type { Leaf } from './structure.ts'
import { decodeTransfer } from './transfer.ts'
import type { AttachmentContent } from './types.ts'
import { decodeWords } from './words.ts'

/** Reads one attachment. `index` is its position among the attachments; `cids` what the HTML refers to. */
export function readAttachment(
  message: Buffer,
  leaf: Leaf,
  index: number,
  cids: ReadonlySet<string>,
): AttachmentContent {
  const content = decodeTransfer(message.subarray(leaf.start, leaf.end), leaf.encoding)
  const contentType = leaf.contentType.value
  const named = leaf.disposition.params.get('filename') ?? leaf.contentType.params.get('name') ?? ''
  const name = named === '' && contentType === 'message/rfc822' ? messageName(content) : named
  return {
    index,
    filename: displayName(name, contentType, index),
    contentType,
    size: content.length,
    contentId: leaf.contentId,
    inline: leaf.contentId !== null && contentType.startsWith('image/') && cids.has(leaf.contentId),
    place: { start: leaf.start, end: leaf.end, encoding: leaf.encoding },
    content,
  }
}

/** The `cid:` references of HTML (RFC 2392), decoded. */
export function cidReferences(html: string | null): Set<string> {
  const cids = new Set<string>()
  for (const match of (html ?? '').matchAll(/\bcid:([^"'\s<>)&]{1,998})/gi)) {
    const cid = match[1] ?? ''
    try {
      cids.add(decodeURIComponent(cid))
    } catch {
      cids.add(cid)
    }
  }
  return cids
}

/** A forwarded message is named after its subject. */
function messageName(content: Buffer): string {
  const headers = splitHeaders(content, 0, content.length, { headerBytes: 65_536, headerFields: 200 })
  const subjects = headers.fields.filter((field) => field.name.toLowerCase() === 'subject')
  const subject = decodeHeaders({ ...headers, fields: subjects.slice(0, 1) })[0]
  const name = subject ? decodeWords(subject.value).trim() : ''
  return name === '' ? '' : `${name}.eml`
}
