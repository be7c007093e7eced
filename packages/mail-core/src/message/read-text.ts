import { decodeBytes, normalizeCharset } from './charset.ts'
import { enrichedToText } from './enriched.ts'
import { decodeFlowed } from './flowed.ts'
import type { Leaf } from './structure.ts'
import { decodeTransfer } from './transfer.ts'

/**
 * Decodes a text part: transfer encoding, charset (for HTML also from its meta element), flowed lines, enriched text.
 *
 * @param hint charset of another text part, for one that declares none.
 */
export function readText(message: Buffer, leaf: Leaf, hint: string | null): string {
  const bytes = decodeTransfer(message.subarray(leaf.start, leaf.end), leaf.encoding, true)
  const { value, params } = leaf.contentType
  const declared = params.get('charset') ?? (value === 'text/html' ? metaCharset(bytes) : null)
  const text = decodeBytes(bytes, declared ?? hint)
  if (/^text\/(?:enriched|richtext)$/.test(value)) return enrichedToText(text)
  if (value !== 'text/plain' || params.get('format')?.toLowerCase() !== 'flowed') return text
  return decodeFlowed(text, params.get('delsp')?.toLowerCase() === 'yes')
}

function metaCharset(bytes: Buffer): string | null {
  const head = bytes.toString('latin1', 0, 2048)
  const charset = /<meta\s[^>]*charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(head)?.[1] ?? null
  // A meta element readable as ASCII cannot be in UTF-16 (HTML, "extracting a character encoding").
  return /^utf-?(?:16|32)/.test(normalizeCharset(charset)) ? null : charset
}
