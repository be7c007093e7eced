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

export type DataRefusal = DataProblem | 'too_many_received' | 'own_received' | 'from_count' | 'forged_results'

/** The facts for judging a message's content. */
export interface DataQuestion {
  readonly data: Pick<DataFacts, 'problem' | 'receivedCount' | 'ownReceived' | 'singleFields' | 'forgedResults'>
  /** True on the submission ports, where our own Received field does not mean a loop. */
  readonly authenticated: boolean
}

/** Whether the message may be accepted, judging by line ends, size, loops, the number of From fields and forged results. */
export function evaluateData({ data, authenticated }: DataQuestion): Decision<DataRefusal> {
  if (data.problem !== null) return { kind: 'refuse', reason: data.problem, reply: PROBLEMS[data.problem] }
  if (data.receivedCount > MAX_RECEIVED) {
    return { kind: 'refuse', reason: 'too_many_received', reply: replies.tooManyHops }
  }
  if (!authenticated && data.ownReceived) {
    return { kind: 'refuse', reason: 'own_received', reply: replies.ownReceived }
  }
  // Programs disagree on which of several From fields is the author: DMARC requires one (RFC 7489 §6.6.1).
  if ((data.singleFields.get('from') ?? 0) > 1) {
    return { kind: 'refuse', reason: 'from_count', reply: replies.multipleFrom }
  }
  if (data.forgedResults === null) return { kind: 'refuse', reason: 'forged_results', reply: replies.forgedResults }
  return { kind: 'accept' }
}
