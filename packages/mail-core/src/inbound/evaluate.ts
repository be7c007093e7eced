import { isId } from '../id.ts'
import type { DataFacts, DataProblem } from '../smtp/line-guard.ts'
import type { SmtpReply } from '../smtp/reply.ts'
import { replies } from '../smtp/replies.ts'
import type { Decision } from './types.ts'

const MAX_RECEIVED = 50 // RFC 5321 §6.3 asks for a limit; Postfix has 50

const PROBLEMS: Readonly<Record<DataProblem, SmtpReply>> = {
  bare_cr: replies.bareCharacter,
  bare_lf: replies.bareCharacter,
  nul: replies.bareCharacter,
  line_too_long: replies.lineTooLong,
  too_large: replies.tooLarge,
}

export type DataRefusal = DataProblem | 'too_many_received' | 'own_received' | 'from_count'

/** What the decision on a message's bytes rests on. */
export interface DataQuestion {
  readonly data: Pick<DataFacts, 'problem' | 'receivedCount' | 'received' | 'singleFields'>
  /** Our own name, as it stands behind `by` in our Received fields. */
  readonly hostname: string
  /** True on the submission ports, where only the number of Received fields counts. */
  readonly authenticated: boolean
}

/** May the message's bytes be kept, as far as line ends, size, loops and the number of authors' fields go? */
export function evaluateData({ data, hostname, authenticated }: DataQuestion): Decision<DataRefusal> {
  if (data.problem !== null) return { kind: 'refuse', reason: data.problem, reply: PROBLEMS[data.problem] }
  if (data.receivedCount > MAX_RECEIVED) {
    return { kind: 'refuse', reason: 'too_many_received', reply: replies.tooManyHops }
  }
  if (!authenticated && data.received.some((field) => isOwnReceived(field, hostname))) {
    return { kind: 'refuse', reason: 'own_received', reply: replies.ownReceived }
  }
  // What one program takes for the author another does not show: DMARC speaks of one From field (RFC 7489 §6.6.1).
  if ((data.singleFields.get('from') ?? 0) > 1) {
    return { kind: 'refuse', reason: 'from_count', reply: replies.multipleFrom }
  }
  return { kind: 'accept' }
}

/**
 * Did we write this Received field when the message came in from outside? One written at submission (`with ESMTPSA`,
 * RFC 3848) does not count: our user's post comes back to us from a mailing list with it, and that is no loop.
 */
export function isOwnReceived(field: string, hostname: string): boolean {
  const words = field
    .replace(/\([^()]*\)/g, ' ')
    .replace(/;.*$/s, '')
    .split(/\s+/)
  const by = valueAfter(words, 'by')
  const id = valueAfter(words, 'id')
  const protocol = valueAfter(words, 'with')
  return by.toLowerCase() === hostname.toLowerCase() && isId(id, 'jrn') && !/^(?:E|UTF8)SMTPS?A$/i.test(protocol)
}

function valueAfter(words: readonly string[], keyword: string): string {
  const at = words.findIndex((word) => word.toLowerCase() === keyword)
  return at === -1 ? '' : (words[at + 1] ?? '')
}
