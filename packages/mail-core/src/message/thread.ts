import { toStoredMessageId } from './stored-text.ts'
import type { MessageSummary } from './types.ts'
import { decodeWords } from './words.ts'

/** Most references kept: the first and newest of a long thread suffice (RFC 5322 §3.6.4). */
const MAX_REFERENCES = 100
/** Longest id: the longest header line. */
const MAX_ID = 998
const BRACKETED = /<([^<>]{1,998})>/g

/**
 * The Message-IDs in a Message-ID, In-Reply-To or References value, without angle brackets, each once, in order. If none is
 * bracketed, words with an @ count, since mailers forget the brackets.
 */
export function messageIdsOf(field: string): string[] {
  const value = withoutWords(field)
  const bracketed = [...value.matchAll(BRACKETED)].map((match) => withoutSpace(match[1] ?? ''))
  return unique(bracketed.length > 0 ? bracketed : bareIds(value))
}

/**
 * The Message-IDs in an In-Reply-To value. Old mailers write a sentence there (RFC 5322 §4.5.4, RFC 822 §4.6.2), such as `Message
 * from Pat <pat@example.org> of "Tue, 10 Nov" <id@host>`: then an address is not an id, and only the last id counts.
 */
export function repliedIdsOf(field: string): string[] {
  const value = withoutWords(field)
  const ids: string[] = []
  let words = ''
  let last = 0
  for (const match of value.matchAll(BRACKETED)) {
    const gap = value.slice(last, match.index)
    words += gap
    last = match.index + match[0].length
    if (!isAddressAfter(gap)) ids.push(withoutSpace(match[1] ?? ''))
  }
  words += value.slice(last)
  if (last === 0) return unique(bareIds(value))
  return unique(/[\p{L}\p{N}]/u.test(withoutComments(words)) ? ids.slice(-1) : ids)
}

/** Long ids in encoded words, where RFC 2047 §5 forbids them, are the same as in the messages that have them plain. */
function withoutWords(field: string): string {
  return field.includes('=?') ? decodeWords(field) : field
}

/** `from Pat`, `by "Pat"`: an address comes next; after a date it is a Message-ID. */
function isAddressAfter(gap: string): boolean {
  const tail = gap.slice(-200)
  const at = tail.search(/\b(?:from|by|to|von|de|da)\b[^\d:]*$/i)
  return at !== -1
}

/** Words with an @, if all words have one. */
function bareIds(value: string): string[] {
  const words = value.split(/[\s,;<>]+/).filter((word) => word !== '')
  return words.every((word) => word.includes('@')) ? words : []
}

function withoutComments(text: string): string {
  return text.replaceAll(/\([^()]*\)/g, '')
}
function withoutSpace(text: string): string {
  return text.replaceAll(/\s/g, '')
}

function unique(ids: string[]): string[] {
  const all = [...new Set(ids.filter((id) => id !== '' && id.length <= MAX_ID))]
  if (all.length <= MAX_REFERENCES) return all
  return [...all.slice(0, 1), ...all.slice(1 - MAX_REFERENCES)]
}

/**
 * The Message-IDs, in stored form, of the messages whose threads this one joins, nearest first: In-Reply-To, then References from
 * newest to oldest, without its own.
 */
export function threadKeys(message: Pick<MessageSummary, 'messageId' | 'inReplyTo' | 'references'>): string[] {
  const keys = new Set([...message.inReplyTo, ...message.references.toReversed()].map(toStoredMessageId))
  if (message.messageId !== null) keys.delete(toStoredMessageId(message.messageId))
  return [...keys]
}
