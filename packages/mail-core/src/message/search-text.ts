import { isUtf8 } from 'node:buffer'
import { tokenize, type TokenText, tokenText } from '../search/tokenize.ts'
import { MESSAGE } from './filename.ts'
import { htmlToText } from './html-to-text.ts'
import { type ReadMessage, readMessage } from './parse.ts'
import { readText } from './read-text.ts'
import type { Leaf } from './structure.ts'
import { decodeTransfer } from './transfer.ts'

/** UTF-16 units of text tokenized per token there is room for. */
const TEXT_PER_TOKEN = 32
/** Bytes indexed of an attached file. */
const MAX_FILE = 1024 * 1024
/** Levels of forwarded messages indexed. */
const MAX_LEVELS = 3
/** Types that are text whatever their bytes. */
const TEXT_TYPES = /^(?:text\/|message\/|application\/(?:json|xml)$|.*\+(?:json|xml)$)/

/** Types that contain no words, even when their bytes are plain text. */
const OPAQUE = /^(?:image|audio|video|font)\/|pdf|postscript|rtf|pgp|pkcs|signature/

/**
 * The search tokens of a message's content, joined by spaces: its file names, its text, words that only its HTML has, and the text
 * of attached text files and forwarded messages.
 *
 * @param limit most tokens.
 */
export function bodyTokens(raw: Buffer, read: ReadMessage, limit: number): string {
  const parts: string[] = []
  let count = 0
  const room = (): number => Math.max(0, limit - count)
  const start = (text: string): string => text.slice(0, room() * TEXT_PER_TOKEN)
  const put = (tokens: TokenText): void => {
    if (tokens.count > 0) parts.push(tokens.text)
    count += tokens.count
  }
  const add = (text: string): void => put(tokenText(start(text), room()))
  // File names first: they are few, and a long text must not push them past the limit.
  add(read.parsed.index.attachments.map(({ filename }) => filename).join('\n'))
  const { text, html } = read.parsed
  if (text !== null) add(text)
  if (html !== null && text === null) add(htmlToText(html))
  else if (html !== null) {
    const words = tokenize(start(htmlToText(html)), room())
    const beyond = wordsBeyond(new Set(parts.join(' ').split(' ')), words)
    put({ text: beyond.join(' '), count: beyond.length })
  }
  for (const file of read.files) if (room() > 0) add(textOf(raw, file, 1))
  return parts.join(' ')
}

/** Words kept on each side of a new one, so that phrases with it are found. */
const NEIGHBOURS = 4

/** Words not yet known, with their neighbours; the rest of the HTML repeats the text alternative. */
function wordsBeyond(known: ReadonlySet<string>, words: readonly string[]): string[] {
  const kept: string[] = []
  let done = 0
  words.forEach((word, at) => {
    if (known.has(word)) return
    kept.push(...words.slice(Math.max(done, at - NEIGHBOURS), at + 1 + NEIGHBOURS))
    done = Math.max(done, at + 1 + NEIGHBOURS)
  })
  return kept
}

function textOf(message: Buffer, { inner: file, ...leaf }: Leaf, level: number): string {
  if (file) return textOf(file.content, { ...leaf, start: 0, end: file.content.length, encoding: 'none' }, level)
  const type = leaf.contentType.value
  const part = { ...leaf, end: Math.min(leaf.end, leaf.start + MAX_FILE) }
  if (!TEXT_TYPES.test(type)) return OPAQUE.test(type) ? '' : plainText(message, part)
  if (!MESSAGE.test(type)) {
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

/** The text of a file not declared as text, such as a log sent as application/octet-stream. */
function plainText(message: Buffer, { start, end, encoding }: Leaf): string {
  const content = decodeTransfer(message.subarray(start, end), encoding)
  return isUtf8(content) && !content.includes(0) ? content.toString() : ''
}
