import { createHash } from 'node:crypto'
import { readHead } from './head.ts'
import type { SourceMessage } from './source.ts'

/** Fields that mail programs rewrite in place when a message is read, labelled or moved. */
const NOTES =
  /^(?:Status|X-Status|X-Keywords|X-UID|X-IMAP(?:base)?|X-Mozilla-[\w-]+|X-Gmail-Labels|Content-Length):.*(?:\r\n[ \t].*)*(?:\r\n|$)/gim

/**
 * Makes a function that gives each message of one import the key that a later import knows it again by: its place in the source,
 * its bytes without what mail programs note in them, and how many such there were before. So the same source, read again or
 * grown, gives its messages the same keys, and one that lies in the source twice is taken twice.
 * @param importName what tells this import from others
 */
export function importKeys(importName: string): (message: SourceMessage) => string {
  const counts = new Map<string, number>()
  return ({ raw, place }) => {
    const { text } = readHead(raw)
    const hash = createHash('sha256').update(JSON.stringify([importName, place]))
    hash.update(text.replace(NOTES, ''), 'latin1').update(raw.subarray(text.length))
    const key = hash.digest('base64url').slice(0, 32)
    const before = counts.get(key) ?? 0
    counts.set(key, before + 1)
    return before === 0 ? key : `${key}.${before}`
  }
}
