import { failures } from '../failure.ts'
import { localRefusal, type RecipientResult, type Refusal, resultOf } from './refusal.ts'
import type { SessionOutcome } from './session.ts'

/** The end of an attempt: all sessions of one plan. */
export interface PlanOutcome {
  readonly recipients: readonly { readonly id: string; readonly result: RecipientResult }[]
  /** Whether all hosts were tried and none took part: after some such plans in a row the site is deferred (O29). */
  readonly exhausted: boolean
}

/** The facts of an attempt. */
export interface PlanFacts {
  readonly recipients: readonly { readonly id: string; readonly rescues: number }[]
  /** In order. A later session concerns the recipients that the ones before left. */
  readonly sessions: readonly SessionOutcome[]
  /** Whether every address of the plan was tried. */
  readonly complete: boolean
}

/**
 * The results of an attempt: each recipient's last one. When every host of the plan refused us in its greeting with 5yz, that is
 * final; as long as one did not, it is not (O10).
 */
export function concludePlan({ recipients, sessions, complete }: PlanFacts): PlanOutcome {
  const refusals = sessions.map(({ hostRefusal }) => hostRefusal)
  const refused = complete && sessions.length > 0 && refusals.every(isFinal) ? (refusals.at(-1) ?? null) : null
  return {
    recipients: recipients.map(({ id, rescues }) => ({
      id,
      result: refused === null ? lastOf(id, sessions) : atEveryHost(refused, rescues),
    })),
    exhausted: complete && sessions.length > 0 && sessions.every(({ reached }) => !reached),
  }
}

const isFinal = (refusal: Refusal | null) => refusal !== null && refusal.reply.code >= 500

/** O41: a block list in every greeting is about our address, not about the mail. */
function atEveryHost(refusal: Refusal, rescues: number): RecipientResult {
  const result = resultOf(refusal, { family: 4 }, rescues)
  return result.kind === 'deferred' ? { ...result, tryNextHost: false } : result
}

function lastOf(id: string, sessions: readonly SessionOutcome[]): RecipientResult {
  const own = sessions.flatMap(({ recipients }) =>
    recipients.filter((each) => each.id === id).map(({ result }) => result),
  )
  // A result that ended it stands, even if a later session should have had him again.
  const ended = own.find(({ kind }) => kind === 'delivered' || kind === 'bounced')
  return ended ?? own.at(-1) ?? nothingTried()
}

function nothingTried(): RecipientResult {
  return {
    kind: 'deferred',
    refusal: localRefusal(failures.noPlan, 'connect'),
    tryNextHost: false,
    greylisted: false,
    hintSeconds: null,
    rescue: false,
    uncertain: false,
  }
}
