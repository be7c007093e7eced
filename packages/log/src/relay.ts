import { StringDecoder } from 'node:string_decoder'
import type { Readable } from 'node:stream'
import type { RootLog } from './log.ts'

/** Longest text of a child in one line. */
const MAX_TEXT = 16_384
/** Longest line of a child parsed as a log line. */
const MAX_LINE = 1_048_576

/**
 * Relays what a child process writes to stdout: its log lines unchanged, everything else as lines of our log, with text printed
 * together in one line.
 */
export function relayOutput(output: Readable, log: RootLog, component: string): void {
  relay(output, log, component, logEntry)
}

/**
 * Relays what a child process writes to stderr as lines of our log. Nothing there is taken for a log line: errors quote text from
 * the network, which could imitate one.
 */
export function relayErrors(output: Readable, log: RootLog, component: string): void {
  relay(output, log, component, () => null)
}

type Entry = Readonly<Record<string, unknown>>

function relay(output: Readable, log: RootLog, component: string, entryOf: (line: string) => Entry | null): void {
  const own = log.child(component)
  const decoder = new StringDecoder('utf8')
  let rest = ''
  let printed = ''
  const flush = (): void => {
    const text = printed.trimEnd()
    printed = ''
    if (text !== '') own.warn({}, text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)} …` : text)
  }
  const take = (line: string): void => {
    const entry = entryOf(line)
    if (entry === null) {
      if (printed.length <= MAX_TEXT) printed += `${line}\n`
      return
    }
    flush()
    log.pass(entry)
  }
  output.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line)
    if (rest.length > MAX_LINE) {
      take(rest)
      rest = ''
    }
    flush()
  })
  output.on('end', () => {
    if (rest !== '') take(rest)
    flush()
  })
  // The child's exit is handled elsewhere.
  output.on('error', () => undefined)
}

/** A parsed log line, or null for other text. */
function logEntry(line: string): Entry | null {
  if (!line.startsWith('{')) return null
  try {
    const entry = JSON.parse(line) as Record<string, unknown>
    const fields = [entry['timestamp'], entry['level'], entry['component'], entry['message']]
    return fields.every((field) => typeof field === 'string') ? entry : null
  } catch {
    return null
  }
}
