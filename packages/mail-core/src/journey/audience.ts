import { END_RESULTS } from './status.ts'
import type { JourneyStatus, JourneyStep, StoredJourneyStep } from './types.ts'

/** The recipient of a step about what came to the mailboxes of a domain: only who sees some of that mail sees the step. */
export const allIn = (domain: string): string => `@${domain}`

type About = Pick<StoredJourneyStep, 'kind' | 'recipient'>

/** The domain whose mailboxes a step is about; null for other steps. A refused recipient may be spelled like one. */
export const domainOfStep = ({ kind, recipient = null }: About): string | null =>
  kind === 'authentication' && recipient?.startsWith('@') === true ? recipient.slice(1) : null

/** Whether RCPT refused this address, and never took it: nothing after RCPT is about it. */
export function isRefusedAtRcpt(
  steps: readonly Pick<StoredJourneyStep, 'kind' | 'recipient' | 'result'>[],
  address: string,
): boolean {
  const own = steps.filter(({ kind, recipient }) => kind === 'rcpt' && recipient === address)
  return own.length > 0 && !own.some(({ result }) => result === 'ok')
}

/** Kinds of step before the message. */
const UNTIL_RCPT: readonly string[] = ['connect', 'tls', 'auth', 'mail', 'rcpt']

/**
 * The steps for those whose recipients were all refused at RCPT: what became of the message for others is not theirs to know. It ends
 * for them with the last reply that they got.
 */
export function endingAtRcpt<Step extends Pick<JourneyStep, 'at' | 'ms' | 'kind' | 'name' | 'result' | 'detail'>>(
  steps: readonly Step[],
  { status, reply }: { status: JourneyStatus; reply: string },
): Step[] {
  const before = steps.filter(({ kind }) => UNTIL_RCPT.includes(kind))
  const { at, ms } = before.at(-1) ?? {}
  return steps.flatMap((step) => {
    if (step.kind !== 'end') return before.includes(step) ? [step] : []
    // When it ended for others tells of their message, too.
    return [{ ...step, at: at ?? step.at, ms: ms ?? step.ms, name: status, result: END_RESULTS[status], detail: reply }]
  })
}
