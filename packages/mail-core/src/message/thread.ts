import { toStoredMessageId } from './stored-text.ts'
import type { MessageSummary } from './types.ts'

/** References kept of a field; a long thread's first and newest say enough (RFC 5322 §3.6.4). */
const MAX_REFERENCES = 100

/** Marks of replies and forwards in the languages of common mailers, with counters (`Re[2]:`). */
const MARK =
  /(?:re|fwd?|aw|wg|sv|vs|vb|tr|rv|ref|res|enc|antw|antwort|odp|ynt|回复|答复|回覆|转发|轉寄|返信|転送|답장|전달)(?:\[\d{1,4}\]|\(\d{1,4}\)|\^\d{1,4})?\s*:\s*/iy
const LIST_TAG = /\[[^[\]]{1,80}\]\s*/y

/**
 * The subject that all messages of a thread share (after RFC 5256 §2.1): without reply and forward marks and the list
 * tags between them, lower case, white space collapsed. '' when nothing is left.
 */
export function threadSubject(subject: string): string {
  const text = subject.normalize('NFKC').replaceAll(/\s+/g, ' ').trim().toLowerCase()
  let at = 0
  let lastMark = 0
  for (;;) {
    const mark = stepOver(MARK, text, at)
    const tag = mark === at ? stepOver(LIST_TAG, text, at) : at
    if (mark > at) lastMark = mark
    else if (tag === at) break
    at = Math.max(mark, tag)
  }
  // A list tag after the marks is removed as well, but a subject that is only a tag is kept.
  const base = text.slice(at) || text.slice(lastMark)
  return base.replace(/ ?\(fwd\)$/, '').trim()
}

/** Where a match of a sticky pattern at this place ends, or the place itself. */
function stepOver(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return at + (pattern.exec(text)?.[0].length ?? 0)
}

/**
 * The Message-IDs in a Message-ID, In-Reply-To or References value, without angle brackets, each once, in order. Where
 * no bracketed one is found, words with an @ count, since mailers forget the brackets.
 */
export function messageIdsOf(value: string): string[] {
  const bracketed = [...value.matchAll(/<([^<>]{1,998})>/g)].map((match) => (match[1] ?? '').replaceAll(/\s/g, ''))
  const ids = bracketed.length > 0 ? bracketed : value.split(/[\s,;<>]+/).filter((word) => word.includes('@'))
  const unique = [...new Set(ids.filter((id) => id !== '' && id.length <= 998))]
  if (unique.length <= MAX_REFERENCES) return unique
  return [...unique.slice(0, 1), ...unique.slice(1 - MAX_REFERENCES)]
}

/**
 * The Message-IDs, in stored form, of the messages whose thread this one may join, nearest first: In-Reply-To, then
 * References from newest to oldest. Its own id is not among them.
 */
export function threadKeys(message: Pick<MessageSummary, 'messageId' | 'inReplyTo' | 'references'>): string[] {
  const parents = [message.inReplyTo, ...message.references.toReversed()].filter((id) => id !== null)
  const keys = new Set(parents.map(toStoredMessageId))
  if (message.messageId !== null) keys.delete(toStoredMessageId(message.messageId))
  return [...keys]
}
