import {
  afterHandshakeFailure,
  afterPlan,
  afterSession,
  afterTlsSession,
  type FeedbackContext,
  type SiteState,
  type Throttle,
  type TlsMemory,
} from '@mairust/mail-core/outbound'
import { PROVIDER_SITE } from '@mairust/mail-core/outbound'
import { formatReply } from '@mairust/mail-core/smtp'
import type { AttemptReport } from './attempt-report.ts'

/** What is remembered of a site between attempts. */
export interface SiteMemory {
  readonly state: SiteState
  readonly tls: TlsMemory
}

/** What an attempt taught about its site. */
export interface Told {
  readonly memory: SiteMemory
  /** Throttles that were not there before: each is told once (O32, O33). */
  readonly raised: readonly Throttle[]
  /** Whether it was found dead just now (O29), or lives again. */
  readonly turned: 'dead' | 'alive' | null
  /** Whether mail went in clear text to a site that has proved its identity before (O27). */
  readonly fell: boolean
  /** Whether it should survive this process. */
  readonly isNotable: boolean
}

/** Enters what came of an attempt. */
export function afterAttempt(before: SiteMemory, report: AttemptReport, context: FeedbackContext): Told {
  const raised: Throttle[] = []
  let { state, tls } = before
  let fell = false
  for (const one of report.tries) {
    const fed = afterSession(state, one.signals, { ...context, startedAt: one.startedAt })
    state = fed.state
    raised.push(...fed.raised)
    if (one.handshakeFailed) tls = afterHandshakeFailure(tls, new Date(context.now))
    if (one.tls === null) continue
    const after = afterTlsSession(tls, one.tls.level)
    tls = after.memory
    fell ||= after.fell
  }
  // Anybody may name a host of a provider as his own, and one that does not answer: that says nothing of the others.
  const isProvider = context.site.startsWith(PROVIDER_SITE)
  state = afterPlan(state, report.exhausted && !isProvider, lastWords(report), context)
  const wasDead = before.state.dead !== null
  const isDead = state.dead !== null
  return {
    memory: { state, tls },
    raised,
    turned: wasDead === isDead ? null : isDead ? 'dead' : 'alive',
    fell,
    isNotable: notable(before) !== notable({ state, tls }),
  }
}

/** What must survive: not how many connections did well lately. */
function notable({ state: { throttles, dead, ipv4Until }, tls }: SiteMemory): string {
  const levels = throttles.map(({ cause, scope, level, until }) => [cause, scope.source, level, until])
  return JSON.stringify([levels, dead?.until, dead?.step, ipv4Until, tls])
}

function lastWords({ recipients }: AttemptReport): string {
  const refusal = recipients.flatMap(({ result }) => ('refusal' in result ? [result.refusal] : [])).at(-1)
  return refusal === undefined ? '' : formatReply(refusal.reply)
}
