import { messageIdsOf } from '../../message/thread.ts'
import { addressText } from './addresses.ts'
import { BOUNDS } from './bounds.ts'
import type { ReturnedParts } from './parts.ts'

/** What ties returned mail to the message that it is about. */
export interface Origin {
  readonly messageIds: readonly string[]
  readonly returnPaths: readonly string[]
}

/**
 * Finds the message that came back: by its header in the third part, or its copy in the text; then by what the bounce answers, which may
 * be older.
 * @param copy lines of the text from where the copy begins
 */
export function originOf(parts: ReturnedParts, copy: readonly string[], mailFrom: string | null): Origin {
  const inText = (name: string) => fieldIn(copy, name)
  const ids = [
    parts.originalField('message-id'),
    inText('message-id'),
    parts.field('x-original-message-id'),
    parts.field('in-reply-to'),
    parts.field('references'),
  ].flatMap((value) => messageIdsOf(value))
  const paths = [mailFrom ?? '', parts.originalField('return-path'), inText('return-path')]
    .map(addressText)
    .filter((text) => text.includes('@'))
  return { messageIds: [...new Set(ids)].slice(0, BOUNDS.ids), returnPaths: [...new Set(paths)] }
}

/** The value of a header field in lines of text, which may be quoted or indented. */
export function fieldIn(lines: readonly string[], name: string): string {
  const start = `${name}:`
  const plain = lines.map((line) => line.replace(/^[\s>|]{1,9}/, ''))
  const at = plain.findIndex((line) => line.slice(0, start.length).toLowerCase() === start)
  const value = plain[at]?.slice(start.length).trim() ?? ''
  return at !== -1 && value === '' ? (plain[at + 1]?.trim() ?? '') : value
}
