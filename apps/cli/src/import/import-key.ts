import { createHash } from 'node:crypto'
import { readHead } from './head.ts'
import type { SourceMessage } from './source.ts'

/** Fields that mail clients rewrite in place when a message is read, labelled or moved. */
const NOTES =
  /^(?:Status|X-Status|X-Keywords|X-UID|X-IMAP(?:base)?|X-Mozilla-[\w-]+|X-Gmail-Labels|Content-Length):.*(?:\r\n[ \t].*)*(?:\r\n|$)/gim

/**
 * Creates the function that computes the key by which a later import recognizes a message: a hash of its place in the source and
 * its bytes without mail clients' notes, plus a count of equal ones before it. The same source, read again or grown, yields the
 * same keys, and a message that is in it twice is imported twice.
 * @param importName distinguishes this import from others
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
