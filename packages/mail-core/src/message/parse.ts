import { type RawHeaders, splitHeaders } from '../header/index.ts'
import { readAttachment, referenced } from './attachments.ts'
import { assembleBody, type Form, NOTHING } from './body.ts'
import { OverLimit } from './boundary.ts'
import { shownContentIds } from './content-id.ts'
import { withinEffort } from './effort.ts'
import { decodeHeaders } from './headers.ts'
import { makePreview } from './preview.ts'
import { findLeaves, type Leaf, textCharset } from './structure.ts'
import { summarize } from './summary.ts'
import { unpackTnef } from './unpack-tnef.ts'
import type { AttachmentContent, AttachmentInfo, ParsedMessage, ParseLimits } from './types.ts'

/** See `ParseLimits`. */
export const DEFAULT_PARSE_LIMITS: ParseLimits = {
  headerBytes: 262_144,
  headerFields: 1000,
  depth: 20,
  parts: 1000,
}

/** A parsed message, the leaves of its attachments, in the same order, and its texts without those that are read from a file. */
export type ReadMessage = { parsed: ParsedMessage; files: Leaf[]; own: Form }

/**
 * Parses a message: header, body as text and HTML, and the list of attachments (RFC 5322, 2045-2047, 2183, 2231, 3676). Never
 * throws, whatever the bytes: beyond a limit the result is `ok: false` with the header fields that could be read. Linear in the
 * size of the message; still, parse large messages in a worker.
 *
 * @param limits overrides of `DEFAULT_PARSE_LIMITS`.
 */
export function parseMessage(raw: Buffer, limits: Partial<ParseLimits> = {}): ParsedMessage {
  return readMessage(raw, limits).parsed
}

/** Messages inside each other's signatures that are read. */
const MAX_SIGNED = 3

/** Like `parseMessage`, with the places of the attachments in the message. */
export function readMessage(raw: Buffer, limits: Partial<ParseLimits> = {}): ReadMessage {
  return withinEffort(() => readAll(raw, limits))
}

function readAll(raw: Buffer, limits: Partial<ParseLimits>): ReadMessage {
  const caps = { ...DEFAULT_PARSE_LIMITS, ...limits }
  const block = splitHeaders(raw, 0, raw.length, caps)
  const failed = (reason: string): ReadMessage => {
    const headers = decodeHeaders(block)
    const index = summarize(headers, { preview: '', attachments: [] })
    return { parsed: { ok: false, reason, index, headers, text: null, html: null }, files: [], own: NOTHING }
  }
  try {
    const { leaves, files, text, html, own } = readContent(raw, block, caps, { parts: caps.parts }, 0)
    const shown = referenced(files, shownContentIds(html))
    const attachments = files.map((leaf, index) => withoutContent(readAttachment(raw, leaf, index, shown.has(leaf))))
    const headers = decodeHeaders(block, textCharset(leaves))
    const index = summarize(headers, { preview: makePreview(text, html), attachments })
    return { parsed: { ok: true, reason: null, index, headers, text, html }, files, own }
  } catch (error) {
    // Only exceeded limits are expected here, but a bug must not lose a message either.
    return failed(error instanceof OverLimit ? error.message : `it could not be read (${String(error)})`)
  }
}

/** What may still be read of a message, with all that is inside its signatures. */
type Left = { parts: number }

type Content = Form & { leaves: Leaf[]; files: Leaf[]; own: Form }

/**
 * Reads texts and files.
 *
 * @param level how many signatures the message is inside of.
 * @throws OverLimit
 */
function readContent(raw: Buffer, block: RawHeaders, caps: ParseLimits, left: Left, level: number): Content {
  if (block.overLimit !== null) throw new OverLimit(block.overLimit)
  const { leaves, parts } = findLeaves(raw, block, { ...caps, parts: left.parts })
  left.parts -= parts
  const body = assembleBody(raw, leaves, (content) =>
    level < MAX_SIGNED ? readSigned(content, caps, left, level + 1) : NOTHING,
  )
  const unpacked = unpackTnef(raw, body.attachments, left.parts)
  left.parts -= unpacked.files.length - body.attachments.length
  return { ...body, leaves, files: unpacked.files, ...(isBlank(body) ? unpacked.body : {}) }
}

/** The texts of a message inside a signature. One that is too large shows nothing; its signature is a file all the same. */
function readSigned(content: Buffer, caps: ParseLimits, left: Left, level: number): Form {
  try {
    return readContent(content, splitHeaders(content, 0, content.length, caps), caps, left, level)
  } catch {
    // How many of its parts were read is not known.
    left.parts = 0
    return NOTHING
  }
}

function isBlank({ text, html }: { text: string | null; html: string | null }): boolean {
  return html === null && (text === null || text.trim() === '')
}

function withoutContent(attachment: AttachmentContent): AttachmentInfo {
  const { index, filename, contentType, size, contentId, inline, place } = attachment
  return { index, filename, contentType, size, contentId, inline, place }
}
