import { decodeBytes, normalizeCharset } from './charset.ts'
import { decodeFlowed } from './flowed.ts'
import { htmlToText, textToHtml } from './html-to-text.ts'
import type { Leaf } from './structure.ts'
import { decodeTransfer } from './transfer.ts'

/** The readable body of a message and the leaves that are attachments instead. */
export type Body = { text: string | null; html: string | null; attachments: Leaf[] }

/** One thing to read: the alternatives of one multipart/alternative, or a text part on its own. */
type Section = { text: string | null; html: string | null }

/**
 * Puts the text parts together: all alternatives of a multipart/alternative are one section; sections follow each other.
 * Where only some sections have HTML, the others are converted, so that neither form lacks a part of the message.
 */
export function assembleBody(message: Buffer, leaves: readonly Leaf[]): Body {
  const sections = new Map<number, Section>()
  const attachments: Leaf[] = []
  leaves.forEach((leaf, position) => {
    if (!isBodyText(leaf)) {
      attachments.push(leaf)
      return
    }
    const alternative = leaf.path.findLast((container) => container.subtype === 'alternative')
    // Positions are made negative, since the ids of containers are positive.
    const key = alternative?.id ?? -1 - position
    const section = sections.get(key) ?? { text: null, html: null }
    sections.set(key, section)
    const form = leaf.contentType.value === 'text/html' ? 'html' : 'text'
    const text = decodeText(message, leaf)
    section[form] = section[form] === null ? text : `${section[form]}\n${text}`
  })
  return { ...joinSections([...sections.values()]), attachments }
}

function isBodyText(leaf: Leaf): boolean {
  const type = leaf.contentType.value
  if (type !== 'text/plain' && type !== 'text/html') return false
  if (leaf.disposition.value === 'attachment') return false
  // A name makes a file of it, except for the only part, which some mailers name too.
  return leaf.path.length === 0 || !(leaf.disposition.params.has('filename') || leaf.contentType.params.has('name'))
}

function joinSections(sections: Section[]): { text: string | null; html: string | null } {
  const hasText = sections.some((section) => section.text !== null)
  const hasHtml = sections.some((section) => section.html !== null)
  return {
    text: hasText ? sections.map((section) => section.text ?? htmlToText(section.html ?? '')).join('\n') : null,
    html: hasHtml ? sections.map((section) => section.html ?? textToHtml(section.text ?? '')).join('\n') : null,
  }
}

/** A text part as string: transfer encoding, charset (for HTML also the one of its meta element), flowed lines. */
function decodeText(message: Buffer, leaf: Leaf): string {
  const bytes = decodeTransfer(message.subarray(leaf.start, leaf.end), leaf.encoding)
  const { value, params } = leaf.contentType
  const declared = params.get('charset') ?? (value === 'text/html' ? metaCharset(bytes) : null)
  const text = decodeBytes(bytes, declared)
  if (value !== 'text/plain' || params.get('format')?.toLowerCase() !== 'flowed') return text
  return decodeFlowed(text, params.get('delsp')?.toLowerCase() === 'yes')
}

function metaCharset(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, 2048)
  const charset = /<meta\s[^>]*charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(head)?.[1] ?? null
  // A meta element that could be read as ASCII does not say UTF-16 of itself (HTML, "extracting a character encoding").
  return /^utf-?(?:16|32)/.test(normalizeCharset(charset)) ? null : charset
}
