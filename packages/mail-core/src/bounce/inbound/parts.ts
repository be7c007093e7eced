import { splitHeaders } from '../../header/index.ts'
import { decodeBytes } from '../../message/charset.ts'
import { decodeHeaders } from '../../message/headers.ts'
import { htmlToText } from '../../message/html-to-text.ts'
import { readText } from '../../message/read-text.ts'
import { findLeaves, type Leaf } from '../../message/structure.ts'
import { decodeTransfer } from '../../message/transfer.ts'
import { decodeWords } from '../../message/words.ts'
import { BOUNDS } from './bounds.ts'

/** Returned mail, taken apart. */
export interface ReturnedParts {
  /** Whether the whole is a multipart/report (RFC 6522). */
  readonly isReport: boolean
  /** The value of a header field, decoded, '' when there is none. */
  readonly field: (name: string) => string
  /** What it says to people. */
  readonly text: string
  readonly deliveryStatus: string | null
  readonly feedbackReport: string | null
  readonly hasDisposition: boolean
  /** The value of a field of the message that came back, '' when there is none. */
  readonly originalField: (name: string) => string
}

const STATUS = /^message\/(?:global-)?delivery-status$/
const ORIGINAL = /^(?:message\/(?:rfc822|global|partial)|text\/rfc822-headers?|message\/(?:rfc822|global)-headers)$/
const DISPOSITION = /^message\/(?:global-)?disposition-notification$/

/** Takes returned mail apart, as much of it as has a place. Never throws. */
export function takeApart(raw: Buffer): ReturnedParts {
  const block = splitHeaders(raw, 0, raw.length, BOUNDS.header)
  const header = decodeHeaders(block)
  const leaves = leavesOf(raw, block)
  const content = (leaf: Leaf | undefined) => (leaf === undefined ? null : contentOf(raw, leaf))
  const find = (type: RegExp) => leaves.find(({ contentType }) => type.test(contentType.value))
  const original = content(find(ORIGINAL)) ?? Buffer.alloc(0)
  const originalHeader = decodeHeaders(splitHeaders(original, 0, original.length, BOUNDS.header))
  const field = (fields: readonly { name: string; value: string }[]) => (name: string) =>
    decodeWords(fields.find((each) => each.name.toLowerCase() === name)?.value ?? '')
  const decoded = (leaf: Leaf | undefined) => {
    const bytes = content(leaf)
    return bytes === null ? null : decodeBytes(bytes, leaf?.contentType.params.get('charset') ?? 'utf-8')
  }
  return {
    isReport: /^multipart\/report\b/i.test(field(header)('content-type')),
    field: field(header),
    text: textOf(raw, leaves),
    deliveryStatus: decoded(find(STATUS)),
    feedbackReport: decoded(find(/^message\/feedback-report$/)),
    hasDisposition: find(DISPOSITION) !== undefined,
    originalField: field(originalHeader),
  }
}

/** A message with more parts than are read is read as one text. */
function leavesOf(raw: Buffer, block: ReturnType<typeof splitHeaders>): Leaf[] {
  const limits = { ...BOUNDS.header, parts: BOUNDS.parts, depth: BOUNDS.depth }
  try {
    return findLeaves(raw, block, limits).leaves
  } catch {
    const plain = { value: 'text/plain', params: new Map<string, string>() }
    const [start, end] = [block.bodyStart, raw.length]
    const none = { value: '', params: plain.params }
    return [{ start, end, path: [], contentType: plain, disposition: none, encoding: 'none', contentId: null }]
  }
}

/** The plain texts, or those in HTML where there are none. */
function textOf(raw: Buffer, leaves: readonly Leaf[]): string {
  const read = (type: string) => {
    let left: number = BOUNDS.bytes
    return leaves
      .filter(({ contentType, disposition }) => contentType.value === type && disposition.value !== 'attachment')
      .map((leaf) => {
        const end = Math.min(leaf.end, leaf.start + left)
        left -= end - leaf.start
        return end > leaf.start ? readText(raw, { ...leaf, end }, null) : ''
      })
      .join('\n')
  }
  const plain = read('text/plain')
  return (plain.trim() === '' ? htmlToText(read('text/html')) : plain).replaceAll('\r', '')
}

function contentOf(raw: Buffer, { start, end, encoding }: Leaf): Buffer {
  return decodeTransfer(raw.subarray(start, Math.min(end, start + BOUNDS.bytes)), encoding)
}
