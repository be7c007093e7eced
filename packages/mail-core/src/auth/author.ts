import { unfold } from '../header/split.ts'
import { parseAddressList } from '../message/addresses.ts'
import type { SignedMessage } from './rows.ts'
import type { HeaderForm } from './types.ts'

/** RFC 5322 §3.6: fields that occur once at most, whose repetition programs read differently. */
const SINGLE = ['Sender', 'Reply-To', 'To', 'Cc', 'Subject', 'Date', 'Message-ID']
/** More authors than this are not looked at. */
const MAX_AUTHORS = 100

/** The addresses in the From field, as our readers see them, '' for one without a domain; null when there are too many. */
export function authorsOf(message: SignedMessage): string[] | null {
  const from = message.rows.find(({ key }) => key === 'from')
  if (from === undefined) return []
  const value = from.line.subarray(from.line.indexOf(':') + 1).toString('utf8')
  const authors = parseAddressList(unfold(value)).map(({ address }) => (address.includes('@') ? address : ''))
  return authors.length > MAX_AUTHORS ? null : authors
}

/** Whether the header says the same to every program. */
export function formOf({ counts }: SignedMessage): HeaderForm {
  const authors = counts.get('from') ?? 0
  if (authors > 1) return { kind: 'several_authors', reason: `The message has ${authors} From fields` }
  if (authors === 0) return { kind: 'doubtful', reason: 'The message has no From field' }
  const repeated = SINGLE.find((name) => (counts.get(name.toLowerCase()) ?? 0) > 1)
  return repeated === undefined ? { kind: 'good' } : { kind: 'doubtful', reason: `The field ${repeated} is repeated` }
}
