import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { CliError, EXIT } from '../exit.ts'
import { headerTime, separatorTime } from './dates.ts'
import { type Head, readHead } from './head.ts'
import { hiddenBy, notesOf } from './mbox-flags.ts'
import { type MboxPart, splitMbox } from './mbox-split.ts'
import { kindOfPath, pathError, startOfFile } from './path.ts'
import { type SourceEntry, TOO_LONG, withCrlf } from './source.ts'

const CHUNK = 1024 * 1024
const CRLF = Buffer.from('\r\n')

/** Removes one `>` from each quoted `From ` line (mboxrd; mboxo does not quote lines that begin with `>`). */
const unquote = (raw: Buffer): Buffer =>
  raw.includes('>From ') ? Buffer.from(raw.toString('latin1').replace(/^>(>*From )/gm, '$1'), 'latin1') : raw

/** Removes separator lines left in the header by a copy from another mbox. */
const withoutOldSeparators = (raw: Buffer, head: Head): Buffer => {
  if (!/^>*From /m.test(head.text)) return raw
  const text = head.text.replace(/^>*From .*(?:\r\n|$)/gm, '')
  return Buffer.concat([Buffer.from(text, 'latin1'), raw.subarray(head.text.length)])
}

/** The original message, before the mbox format changed it. */
function content({ bytes, hasLength }: MboxPart): Buffer {
  const raw = withCrlf(bytes)
  // With a length, quoting is unnecessary (mboxcl2); a writer that quotes anyway (mboxcl) leaves no line that needs it.
  if (hasLength) return raw.includes('\r\nFrom ') ? raw : unquote(raw)
  const plain = unquote(raw)
  // The empty line before the next separator belongs to the format, unless it ends a header without a body.
  const endsEmpty = plain.subarray(-4).equals(Buffer.from('\r\n\r\n'))
  return endsEmpty && plain.indexOf('\r\n\r\n') < plain.length - 4 ? plain.subarray(0, -2) : plain
}

/** When a message arrived. Thunderbird's separator (`From - …`) has the time of a copy, so the header fields are better. */
function arrival(separator: string, head: Head): Date | null {
  const noted = separatorTime(separator)
  return /^From *(?:-|$)/.test(separator) ? (headerTime(head) ?? noted) : (noted ?? headerTime(head))
}

/** Turns a part into an entry; null for an empty part between two adjacent separators. */
function toEntry(part: MboxPart, number: number): SourceEntry | null {
  if (part.bytes.length === 0) return null
  const name = `message ${number} (${part.separator})`
  if (part.isTooLong) return { leftOut: 'unreadable', detail: `${name}: ${TOO_LONG}; the file may be damaged` }
  const copied = content(part)
  const raw = withoutOldSeparators(copied, readHead(copied))
  if (raw.length === 0 || raw.equals(CRLF)) return { leftOut: 'empty', detail: `${name} is empty` }
  const head = readHead(raw)
  const hidden = hiddenBy(head)
  if (hidden !== null) return { leftOut: hidden, detail: name }
  return { raw, receivedAt: arrival(part.separator, head), ...notesOf(head), place: '' }
}

const isMbox = (start: Buffer): boolean => /^From(?: |\r?\n)/.test(start.toString('latin1', 0, 6))

/** Explains why a file is not an mbox. */
function notAnMbox(path: string, start: Buffer): CliError {
  if (start.toString('latin1', 0, 4) === 'PK\x03\x04')
    return new CliError(`${path} is a zip archive: unpack it and import the .mbox files in it`, EXIT.usage)
  const isMessage = /^[\x21-\x39\x3b-\x7e]+[ \t]*:/.test(start.toString('latin1', 0, 200))
  const hint = isMessage ? '; it looks like a single message' : ''
  return new CliError(`${path} is not an mbox: it does not begin with a "From " line${hint}`, EXIT.usage)
}

/** The bytes of a file, decompressed when it is gzip. @throws CliError when it cannot be read */
async function* bytesOf(path: string): AsyncGenerator<Buffer> {
  const start = await startOfFile(path)
  const isPacked = start[0] === 0x1f && start[1] === 0x8b
  const file = createReadStream(path, { highWaterMark: CHUNK })
  // Passes read errors on, which `pipe` does not; whoever reads the result gets them.
  const source = isPacked ? pipeline(file, createGunzip({ chunkSize: CHUNK }), () => undefined) : file
  try {
    yield* source as AsyncIterable<Buffer>
  } catch (error) {
    throw pathError(path, error)
  }
}

/** The file from its first separator on, decompressed when it is gzip. */
async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  let isFirst = true
  for await (const chunk of bytesOf(path)) {
    if (!isFirst) {
      yield chunk
      continue
    }
    isFirst = false
    const text = chunk.toString('latin1', 0, 1000)
    const skipped = /^(?:\xef\xbb\xbf)?[\r\n]*/.exec(text)?.[0].length ?? 0
    const rest = chunk.subarray(skipped)
    if (rest.length > 0 && !isMbox(rest)) throw notAnMbox(path, rest)
    yield rest
  }
}

/** The mbox in a folder as Apple Mail exports it: `Work.mbox/mbox`, beside a table of contents. Null in any other folder. */
async function mboxInside(folder: string): Promise<string | null> {
  const path = join(folder, 'mbox')
  const kind = await kindOfPath(path).catch(() => null)
  return kind === 'file' ? path : null
}

/**
 * Reads an mbox, plain or gzip, message by message. Understands quoted From lines (mboxo, mboxrd), lengths (mboxcl), the header
 * notes of Thunderbird, Google Takeout, mutt and Dovecot, and the folders that Apple Mail exports.
 * @throws CliError when the file does not exist, cannot be read or is not an mbox
 */
export async function* readMbox(path: string): AsyncGenerator<SourceEntry> {
  const kind = await kindOfPath(path)
  const inside = kind === 'folder' ? await mboxInside(path) : null
  if (inside !== null) {
    yield* readMbox(inside)
    return
  }
  if (kind === 'folder')
    throw new CliError(
      `${path} is a folder, and an mbox is one file; for a folder with cur and new use "import maildir"`,
      EXIT.usage,
    )
  if (kind === 'other') throw new CliError(`${path} is neither a file nor a folder`, EXIT.usage)
  let number = 0
  for await (const part of splitMbox(chunksOf(path))) {
    number += 1
    const entry = toEntry(part, number)
    if (entry !== null) yield entry
  }
}
