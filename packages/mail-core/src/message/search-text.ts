import { tokenize } from '../search/tokenize.ts'
import { htmlToText } from './html-to-text.ts'
import { type ReadMessage, readMessage } from './parse.ts'
import { readText } from './read-text.ts'
import type { Leaf } from './structure.ts'
import { decodeTransfer } from './transfer.ts'

/** UTF-16 units of text that are cut into tokens, for each token there is room for. */
const TEXT_PER_TOKEN = 32
/** Bytes of an attached file that are looked at. */
const MAX_FILE = 1024 * 1024
/** Levels of forwarded messages whose words are found. */
const MAX_LEVELS = 3
/** Files that are text whatever they are called. */
const TEXT_TYPES = /^(?:text\/|message\/|application\/(?:json|xml)$|.*\+(?:json|xml)$)/

/**
 * The search tokens of what a message holds: names of its files, its text, what its HTML says beyond that, and the words of the
 * files that are text, forwarded messages among them.
 *
 * @param limit most tokens.
 */
export function bodyTokens(raw: Buffer, read: ReadMessage, limit: number): string[] {
  const tokens: string[] = []
  const add = (text: string) => {
    const room = limit - tokens.length
    if (room > 0) tokens.push(...tokenize(text.slice(0, room * TEXT_PER_TOKEN), room))
  }
  // File names first: they are few, and a long text must not push them over the cap.
  add(read.parsed.index.attachments.map(({ filename }) => filename).join('\n'))
  const { text, html } = read.parsed
  if (text !== null) add(text)
  if (html !== null) add(text === null ? htmlToText(html) : linesBeyond(new Set(tokens), htmlToText(html)))
  for (const file of read.files) if (tokens.length < limit) add(textOf(raw, file, 1))
  return tokens
}

/** The lines that have a word which is not known yet; the rest of HTML only repeats the text beside it. */
function linesBeyond(known: ReadonlySet<string>, text: string): string {
  const lines = text.split('\n').filter((line) => tokenize(line).some((token) => !known.has(token)))
  return lines.join('\n')
}

function textOf(message: Buffer, leaf: Leaf, level: number): string {
  const type = leaf.contentType.value
  if (!TEXT_TYPES.test(type)) return ''
  const part = { ...leaf, end: Math.min(leaf.end, leaf.start + MAX_FILE) }
  if (type !== 'message/rfc822') {
    const text = readText(message, part, null)
    return type === 'text/html' ? htmlToText(text) : text
  }
  if (level > MAX_LEVELS) return ''
  const inner = decodeTransfer(message.subarray(part.start, part.end), part.encoding)
  const { parsed, files } = readMessage(inner)
  const { subject, from, to, attachments } = parsed.index
  return [
    subject,
    ...[...from, ...to].map(({ name, address }) => `${name} ${address}`),
    ...attachments.map(({ filename }) => filename),
    parsed.text ?? '',
    htmlToText(parsed.html ?? ''),
    ...files.map((file) => textOf(inner, file, level + 1)),
  ].join('\n')
}
