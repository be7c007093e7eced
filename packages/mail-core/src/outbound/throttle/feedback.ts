import type { Refusal } from '../outcome/refusal.ts'
import type { SiteSignal } from '../outcome/signals.ts'
import { grown, shrunk } from './concurrency.ts'
import { planFailed, revived } from './dead.ts'
import { withoutIpv6 } from './family.ts'
import type { SiteSettings, SiteState, Throttle, Time } from './state.ts'
import { throttled, type ThrottleAnswer, eased } from './throttles.ts'

/** Where and when what is fed back happened. */
export interface FeedbackContext {
  readonly settings: SiteSettings
  readonly site: string
  /** Our address that it came from. */
  readonly source: string
  /** When the attempt began. */
  readonly startedAt: Time
  readonly now: Time
}

export interface Feedback {
  readonly state: SiteState
  /** Throttles that were not there before: each is an event, and a block list an alert, once (O33). */
  readonly raised: readonly Throttle[]
}

/** Enters what a session told of the site. */
export function afterSession(before: SiteState, signals: readonly SiteSignal[], context: FeedbackContext): Feedback {
  const state = signals.reduce((current, signal) => afterSignal(current, signal, context), before)
  const known = new Set(before.throttles.map(keyOf))
  return { state, raised: state.throttles.filter((each) => !known.has(keyOf(each))) }
}

/** Enters the end of an attempt: whether any host took part, and what the last one said. */
export function afterPlan(
  state: SiteState,
  exhausted: boolean,
  reply: string,
  { settings, now }: FeedbackContext,
): SiteState {
  return exhausted ? planFailed(state, reply, now) : revived(state, settings)
}

function afterSignal(state: SiteState, signal: SiteSignal, context: FeedbackContext): SiteState {
  const { settings, source, now } = context
  switch (signal.kind) {
    case 'delivered':
      return eased(grown(state, settings), source, settings, now)
    case 'unreachable':
      return shrunk(state)
    case 'slow_down':
      return throttled(state, answerOf('rate', null, signal.refusal, signal.hintSeconds, context), settings, now)
    case 'pause_source':
      return throttled(state, answerOf('block_list', source, signal.refusal, null, context), settings, now)
    case 'avoid_ipv6':
      return withoutIpv6(state, now)
  }
}

const answerOf = (
  cause: Throttle['cause'],
  source: string | null,
  { rule, reply, list }: Refusal,
  hintSeconds: number | null,
  { site, startedAt }: FeedbackContext,
): ThrottleAnswer => ({
  cause,
  site,
  source,
  rule: list === null ? rule : `${list.name} (${list.delistUrl})`,
  reply: `${reply.code} ${reply.enhanced ?? ''} ${reply.text}`.replace('  ', ' '),
  hintSeconds,
  startedAt,
})

const keyOf = ({ cause, scope }: Throttle) => JSON.stringify([cause, scope.site, scope.source])
