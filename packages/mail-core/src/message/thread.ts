import { toStoredMessageId } from './stored-text.ts'
import type { MessageSummary } from './types.ts'

/** References kept of a field; a long thread's first and newest say enough (RFC 5322 §3.6.4). */
const MAX_REFERENCES = 100

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
