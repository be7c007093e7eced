import {
  FIELD_NAMES,
  isExtraField,
  isFieldName,
  isStructureField,
  isTraceField,
  type RawField,
  splitHeaders,
} from '../../header/index.ts'
import { readAttachment } from '../attachments.ts'
import { DEFAULT_PARSE_LIMITS, readMessage, type ReadMessage } from '../parse.ts'
import { type LongField, longFields } from '../shown.ts'
import type { Leaf } from '../structure.ts'
import { threadKeys } from '../thread.ts'
import {
  type ComposedAttachment,
  composeMessage,
  type ComposeTools,
  type Given,
  type MessageFields,
} from './message.ts'
import { authorText } from './written.ts'

/** A file of the edited message: a new one, or the index of one that the message has. */
export type EditedAttachment = ComposedAttachment | number

/** What is changed; everything else stays. */
export type MessageChanges = Given<Omit<MessageFields, 'attachments'> & { attachments: readonly EditedAttachment[] }>

/** The edited message, or why there is none. */
export type EditedMessage =
  /** `joins`: it answers other messages than before. */
  | { readonly kind: 'edited'; readonly bytes: Buffer; readonly joins: boolean }
  | { readonly kind: 'unreadable'; readonly reason: string }
  /** It has more of what is changed than its author can have seen; the rest would be lost. */
  | { readonly kind: 'partly_shown'; readonly fields: readonly LongField[] }
  /** `position` in `attachments` of an index that no file of the message has. */
  | { readonly kind: 'no_attachment'; readonly position: number }
  /** Addresses and other fields are together more than a header may have. */
  | { readonly kind: 'header_too_large' }
  /** The files alone are larger than the message may be. */
  | { readonly kind: 'too_large'; readonly size: number }

const CRLF = Buffer.from('\r\n')
/** What belongs to the body, which is written anew when one of them changes. */
const BODY = ['text', 'html', 'attachments'] as const
const NO_BODY = { text: null, html: null, attachments: [] }
const NAMED = ['from', 'to', 'cc', 'bcc', 'replyTo', 'subject', 'inReplyTo', 'references'] as const

/**
 * Changes a message that is being written, whoever wrote it first. Fields that are not changed stay as they are, byte for byte, and so
 * does the body unless something of it changes; then its texts and files are kept, in a structure of our own. Traces of transport are
 * removed, the Message-ID stays.
 * @param maxBytes what the message may have: files that are larger together are not even copied
 */
export async function editMessage(
  raw: Buffer,
  changes: MessageChanges,
  tools: ComposeTools,
  maxBytes: number,
): Promise<EditedMessage> {
  const block = splitHeaders(raw, 0, raw.length, DEFAULT_PARSE_LIMITS)
  if (block.overLimit !== null) return { kind: 'unreadable', reason: block.overLimit }
  const keepsBody = BODY.every((name) => changes[name] === undefined)
  const read = readMessage(raw)
  const partlyShown = longFields(read.parsed).filter((name) => changes[name] !== undefined)
  if (partlyShown.length > 0) return { kind: 'partly_shown', fields: partlyShown }
  const body = keepsBody ? NO_BODY : bodyOf(raw, read, changes, maxBytes)
  if ('kind' in body) return body

  const named = withReferences(changes)
  const hasId = read.parsed.index.messageId !== null
  const replaced = replacedBy(named)
  const kept = block.fields.filter(
    ({ name }) =>
      isFieldName(name) &&
      !isTraceField(name) &&
      (keepsBody || !isStructureField(name)) &&
      (hasId || name.toLowerCase() !== 'message-id') &&
      !replaced(name),
  )
  const made = await composeMessage({ ...named, ...body }, tools)
  const composed = splitHeaders(made, 0, made.length, DEFAULT_PARSE_LIMITS)
  if (composed.overLimit !== null) return { kind: 'header_too_large' }
  const added = composed.fields.filter(({ name }) => {
    if (isStructureField(name)) return !keepsBody
    return name.toLowerCase() === 'message-id' ? !hasId : true
  })
  const bytes = Buffer.concat([
    ...kept.flatMap(tidied),
    ...added.flatMap(({ raw: field }) => [field, CRLF]),
    CRLF,
    keepsBody ? raw.subarray(block.bodyStart) : made.subarray(composed.bodyStart),
  ])
  const [before, after] = [block.bodyStart, headerSize(bytes)]
  if (after === null) return { kind: 'header_too_large' }
  return { kind: 'edited', bytes, joins: answers(raw.subarray(0, before)) !== answers(bytes.subarray(0, after)) }
}

function bodyOf(
  raw: Buffer,
  { parsed, files, own }: ReadMessage,
  { text, html, attachments }: MessageChanges,
  maxBytes: number,
):
  | Pick<MessageFields, 'text' | 'html' | 'attachments'>
  | Extract<EditedMessage, { kind: 'unreadable' | 'no_attachment' | 'too_large' }> {
  if (!parsed.ok) return { kind: 'unreadable', reason: parsed.reason }
  const { attachments: present } = parsed.index
  const fileAt = (index: number): ComposedAttachment[] => {
    const [leaf, info] = [files[index], present[index]]
    return leaf === undefined || info === undefined ? [] : [readAttachment(raw, leaf, index, info.inline)]
  }
  const wanted = attachments ?? present.map(({ index }) => index)
  const position = wanted.findIndex((file) => typeof file === 'number' && present[file] === undefined)
  const containers = new Set(wanted.map((file) => startOf(typeof file === 'number' ? files[file] : undefined)))
  // What is inside a file that is kept comes with it.
  const comesAlong = (file: EditedAttachment): boolean => {
    const leaf = typeof file === 'number' ? files[file] : undefined
    return leaf?.inner !== undefined && containers.has(leaf.start)
  }
  if (position !== -1) return { kind: 'no_attachment', position }
  const chosen = wanted.filter((file) => !comesAlong(file))
  // Before any file is copied: a few numbers may name the same one often.
  const size = chosen.reduce<number>(
    (sum, file) => sum + (typeof file === 'number' ? (present[file]?.size ?? 0) : file.content.length),
    0,
  )
  if (size > maxBytes) return { kind: 'too_large', size }
  return {
    // What a signature or winmail.dat says is its own: its author is somebody else.
    text: text === undefined ? written(own.text) : text,
    html: html === undefined ? written(own.html) : html,
    attachments: chosen.flatMap((file) => (typeof file === 'number' ? fileAt(file) : [file])),
  }
}

/** Where a file that is a part of its own starts; what is inside one has the same start. */
const startOf = (leaf: Leaf | undefined): number | null => (leaf && !leaf.inner ? leaf.start : null)

const written = (text: string | null): string | null => (text === null ? null : authorText(text))

/** What answers a message refers to it, unless more is said. */
function withReferences(changes: MessageChanges): MessageChanges {
  const { inReplyTo, references } = changes
  if (inReplyTo === undefined || references !== undefined) return changes
  return { ...changes, references: inReplyTo === null ? [] : [inReplyTo] }
}

/** Which fields the changes take the place of. */
function replacedBy(changes: MessageChanges): (name: string) => boolean {
  const names = new Set<string>(NAMED.filter((key) => changes[key] !== undefined).map((key) => FIELD_NAMES[key]))
  return (name) => names.has(name.toLowerCase()) || (changes.headers !== undefined && isExtraField(name))
}

/** A field with line ends and a colon as they should be. */
function tidied({ name, raw }: RawField): Buffer[] {
  const value = raw.subarray(raw.indexOf(':') + 1).toString('latin1')
  const lines = value.split(/\r?\n/).map((line) => line.replaceAll(/[\r\0]/g, ' '))
  return [Buffer.from(`${name}:${lines.join('\r\n')}`, 'latin1'), CRLF]
}

/** The messages that a header answers, as one text. */
function answers(header: Buffer): string {
  return threadKeys(readMessage(header).parsed.index).join(' ')
}

/** Null when it is more than the parser reads. */
function headerSize(raw: Buffer): number | null {
  const { bodyStart, overLimit } = splitHeaders(raw, 0, raw.length, DEFAULT_PARSE_LIMITS)
  return overLimit === null ? bodyStart : null
}
