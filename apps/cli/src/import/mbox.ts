import { createReadStream } from 'node:fs'
import { CliError } from '../exit.ts'
import { type SourceMessage, withCrlf } from './source.ts'

const CHUNK = 1024 * 1024
const LF = 10
const FROM = Buffer.from('From ')
/** Longest separator line that is looked at. */
const MAX_LINE = 1000

/** Whether a line is a separator: `From `, an address, and a time of day. Text that starts so is quoted by writers. */
const isSeparator = (line: string): boolean => /^From \S.*\d\d:\d\d/.test(line)

const lineAt = (bytes: Buffer, at: number): string => {
  const end = bytes.indexOf(LF, at)
  return bytes.toString('latin1', at, Math.min(end === -1 ? bytes.length : end, at + MAX_LINE)).trimEnd()
}

/** Where the next separator starts at or after `from`, or -1. It follows an empty line. */
function nextSeparator(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(FROM, from); at !== -1; at = bytes.indexOf(FROM, at + 1)) {
    const afterEmptyLine =
      bytes[at - 1] === LF && (bytes[at - 2] === LF || (bytes[at - 2] === 13 && bytes[at - 3] === LF))
    if (afterEmptyLine && isSeparator(lineAt(bytes, at))) return at
  }
  return -1
}

/** The time of a separator line, as asctime writes it: in UTC unless it names a zone. */
function separatorTime(line: string): Date | null {
  const text = /(?:\w{3} )?\w{3} +\d{1,2} \d\d:\d\d.*$/.exec(line)?.[0]
  if (text === undefined) return null
  const time = Date.parse(/[A-Z]{3,4}$|[+-]\d{4}$/.test(text) ? text : `${text} UTC`)
  return Number.isNaN(time) ? null : new Date(time)
}

/** Takes one `>` off each quoted `From ` line (mboxrd). */
const unquote = (raw: Buffer): Buffer =>
  raw.includes('>From ') ? Buffer.from(raw.toString('latin1').replace(/^>(>*From )/gm, '$1'), 'latin1') : raw

/** The letters of `Status:` and `X-Status:`, in which readers of mboxes keep their flags. */
function statusOf(raw: Buffer): string {
  const end = raw.indexOf('\r\n\r\n')
  const head = raw.toString('latin1', 0, end === -1 ? raw.length : end)
  return Array.from(head.matchAll(/^(?:X-)?Status:(.*)$/gim), (match) => match[1] ?? '').join('')
}

/** One message from its separator line on, as it stands in the file. */
function toMessage(part: Buffer): SourceMessage {
  const start = part.indexOf(LF) + 1
  const raw = unquote(withCrlf(start === 0 ? Buffer.alloc(0) : part.subarray(start)))
  // The empty line before the next separator belongs to the format.
  const body = raw.subarray(-4).toString('latin1') === '\r\n\r\n' ? raw.subarray(0, -2) : raw
  const status = statusOf(body)
  return {
    raw: body,
    receivedAt: separatorTime(lineAt(part, 0)),
    seen: status.includes('R'),
    starred: status.includes('F'),
    answered: status.includes('A'),
    draft: status.includes('T'),
    folder: null,
  }
}

/**
 * Reads an mbox, one message after the other, without holding more than one in memory.
 * @throws CliError when the file is not an mbox
 */
export async function* readMbox(path: string): AsyncGenerator<SourceMessage> {
  let held: Buffer = Buffer.alloc(0)
  let searched = 1
  let first = true
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    if (first && !isSeparator(lineAt(held, 0)))
      throw new CliError(`${path} is not an mbox: it does not begin with a "From " line`)
    first = false
    let at = nextSeparator(held, searched)
    // The line of a separator may go on in the next chunk.
    while (at !== -1 && held.includes(LF, at)) {
      yield toMessage(held.subarray(0, at))
      held = held.subarray(at)
      at = nextSeparator(held, 1)
    }
    searched = Math.max(1, held.length - MAX_LINE)
  }
  if (held.length > 0) yield toMessage(held)
}
