import {
  type AddressTry,
  concludePlan,
  connectionReuse,
  type LocalFailure,
  localRefusal,
  MAX_SESSIONS,
  nextAddress,
  type PlannedAddress,
  type RecipientResult,
  resultOf,
  type SessionFacts,
  type SessionOutcome,
  sessionOutcome,
} from '@mairust/mail-core/outbound'
import type { AttemptReport, AttemptRequest, TryReport } from './attempt-report.ts'
import type { OutgoingRecipient } from './message.ts'
import { PipeliningTrust } from './pipelining.ts'
import type { Place, Pool } from './pool.ts'
import type { Timeouts } from './timeouts.ts'
import { demandFor, serves } from './tls-demand.ts'
import { tlsReport } from './tls-report.ts'
import { openSessionAt, type Session, type Transmitted, type Trust } from './transmit.ts'

export interface AttemptOptions {
  readonly pool: Pool
  /** Our name in EHLO (O10). */
  readonly name: () => string
  readonly trust: Trust
  readonly timeouts: Timeouts
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export type MakeAttempt = (request: AttemptRequest) => Promise<AttemptReport | null>

/**
 * Makes attempts. Each waits for a place at its site, walks over the destination's addresses until every recipient has a result, and
 * leaves connections for those that follow. Never rejects for what a remote does; null: the pool is closed and nothing was tried.
 */
export function createAttempts(options: AttemptOptions): MakeAttempt {
  const pipelining = new PipeliningTrust(options.now)
  return async (request) => {
    const { destination, sources, login, limit } = request
    const key = JSON.stringify([destination.site.key, destination.port, sources.v4, sources.v6, login?.username])
    const place = await options.pool.enter(key, limit)
    if (place === null) return null
    try {
      return await new Attempt(options, request, place, pipelining).run()
    } finally {
      place.leave()
    }
  }
}

class Attempt {
  readonly #options: AttemptOptions
  readonly #request: AttemptRequest
  readonly #place: Place
  readonly #pipelining: PipeliningTrust
  readonly #walked: AddressTry[] = []
  /** A report for each outcome. */
  readonly #outcomes: SessionOutcome[] = []
  readonly #reports: TryReport[] = []

  constructor(options: AttemptOptions, request: AttemptRequest, place: Place, pipelining: PipeliningTrust) {
    this.#options = options
    this.#request = request
    this.#place = place
    this.#pipelining = pipelining
  }

  async run(): Promise<AttemptReport> {
    const { destination, message } = this.#request
    const { now, timeouts } = this.#options
    const until = now() + timeouts.walk
    const next = () => (now() < until ? nextAddress(destination.addresses, this.#walked) : null)
    let left = message.recipients
    for (let target = next(); target !== null && left.length > 0; target = next()) {
      const idle = this.#place.takeIdle((session) => this.#fits(session))
      left = await (idle === null ? this.#tryAddress(target, left) : this.#transmit(idle, left, true))
    }
    const sessions = this.#walked.filter(({ end, familyRefused }) => end === 'session' && !familyRefused)
    const complete = next() === null && sessions.length < MAX_SESSIONS
    const concluded = concludePlan({ recipients: message.recipients, sessions: this.#outcomes, complete })
    return {
      recipients: concluded.recipients.map(({ id, result }) => ({ id, result, by: this.#deciding(result) })),
      tries: this.#reports,
      exhausted: concluded.exhausted,
    }
  }

  /** Whether an idle session leads to a host of this plan that is not done with, with the TLS that is needed there. */
  #fits({ target, tls, isSound }: Session): boolean {
    const { destination } = this.#request
    return (
      isSound &&
      destination.addresses.some(({ host }) => host === target.host) &&
      !this.#walked.some(({ address }) => address === target.address) &&
      serves(tls, demandFor(target.host, this.#request.tls))
    )
  }

  async #tryAddress(target: PlannedAddress, left: readonly OutgoingRecipient[]): Promise<readonly OutgoingRecipient[]> {
    const { destination, tls, login, sources } = this.#request
    const { name, trust, timeouts, now } = this.#options
    const startedAt = now()
    const decision = demandFor(target.host, tls)
    if (decision.kind === 'skip') return this.#skip(target, left, decision.failure)
    const { demand } = decision
    const opened = await openSessionAt(
      {
        target,
        port: destination.port,
        provider: destination.site.provider,
        sources,
        allowPrivate: destination.allowPrivate,
        name: name(),
        demand,
        login,
        trust,
        timeouts,
        own: (socket) => this.#place.own(socket),
      },
      now,
    )
    if (opened.kind === 'open') return this.#transmit(opened.session, left, false, startedAt)
    const { facts, conversation, handshakeFailed, noRoute } = opened
    const outcome = sessionOutcome({
      ...facts,
      recipients: left.map(({ id, rescues }) => ({ id, rescues, reply: null })),
    })
    return this.#record(target, noRoute ? 'no_route' : 'no_session', outcome, left, {
      reused: false,
      startedAt,
      tls: opened.tls === null ? null : tlsReport(demand, opened.tls, tls.sts, handshakeFailed),
      handshakeFailed,
      dsn: false,
      conversation,
    })
  }

  async #transmit(
    session: Session,
    left: readonly OutgoingRecipient[],
    reused: boolean,
    startedAt = this.#options.now(),
  ): Promise<readonly OutgoingRecipient[]> {
    const { destination, message, tls } = this.#request
    const { target, handshakeFailed } = session
    const transmitted = await session.transmit(message, left, this.#pipelining.has(target.host))
    if (reused && isStale(transmitted.facts)) {
      session.quit()
      return left
    }
    if (transmitted.pipelined && isOutOfStep(transmitted.facts)) this.#pipelining.lose(target.host)
    const outcome = withRefused(sessionOutcome(transmitted.facts), transmitted)
    const decision = demandFor(target.host, tls)
    const report = {
      reused,
      startedAt,
      tls: decision.kind === 'skip' ? null : tlsReport(decision.demand, session.tls, tls.sts, handshakeFailed),
      handshakeFailed: handshakeFailed && !reused,
      dsn: transmitted.dsn,
      conversation: transmitted.conversation,
    }
    if (outcome.connection === 'close') session.quit()
    else {
      if (outcome.connection === 'reset') session.reset()
      this.#place.putBack(session, connectionReuse(destination.site))
    }
    return this.#record(target, 'session', outcome, left, report)
  }

  /** The domain's policy does not name the host (O22). That says nothing of the site, which other domains share. */
  #skip(target: PlannedAddress, left: readonly OutgoingRecipient[], failure: LocalFailure) {
    const nothing = { banner: null, hello: null, tls: null, auth: null, mail: null, data: null, end: null }
    const outcome = sessionOutcome({
      ...nothing,
      provider: this.#request.destination.site.provider,
      family: target.family,
      recipients: left.map(({ id, rescues }) => ({ id, rescues, reply: null })),
      broken: { stage: 'tls', failure },
    })
    const report = { reused: false, startedAt: this.#options.now(), tls: null, handshakeFailed: false, dsn: false }
    const conversation = [`(${failure.reply.text})`]
    return this.#record(target, 'no_session', { ...outcome, reached: true }, left, { ...report, conversation })
  }

  /** Notes how an address did, and says for whom the next one is tried. */
  #record(
    { host, address, family }: PlannedAddress,
    end: AddressTry['end'],
    outcome: SessionOutcome,
    left: readonly OutgoingRecipient[],
    report: Omit<TryReport, 'host' | 'address' | 'ms' | 'signals'>,
  ): readonly OutgoingRecipient[] {
    const results = new Map(outcome.recipients.map(({ id, result }) => [id, result]))
    const familyRefused =
      family === 6 && [...results.values()].some((each) => 'refusal' in each && each.refusal.ipv6Only)
    this.#walked.push({ address, end, familyRefused })
    this.#outcomes.push(outcome)
    const ms = this.#options.now() - report.startedAt
    const by = { host, address, ms, signals: outcome.signals, ...report }
    this.#reports.push(by)
    const delivered = outcome.recipients.filter(({ result }) => result.kind === 'delivered')
    const isOver = delivered.length === left.length
    if (delivered.length > 0 && !isOver) this.#request.onDelivered?.(delivered.map((each) => ({ ...each, by })))
    return left.filter(({ id }) => {
      const result = results.get(id)
      return result?.kind === 'deferred' && result.tryNextHost
    })
  }

  #deciding(result: RecipientResult): TryReport | null {
    const index = this.#outcomes.findIndex(({ recipients }) => recipients.some((each) => each.result === result))
    return this.#reports.at(index) ?? null
  }
}

/** Whether a connection had ended before it was used again: its server was not asked for anything. */
const isStale = ({ mail, broken }: SessionFacts) => mail?.code === 421 || (mail === null && broken !== null)

/** Whether replies to commands sent together stopped, or made no sense. */
const isOutOfStep = ({ broken, recipients }: SessionFacts) =>
  broken !== null &&
  (broken.stage === 'mail' || broken.stage === 'rcpt' || broken.stage === 'data') &&
  !recipients.some(({ reply }) => reply?.code === 421)

/** Adds who could not be asked for at this host (O9, O15). */
function withRefused(outcome: SessionOutcome, { refused, facts }: Transmitted): SessionOutcome {
  const results = refused.map(({ recipient: { id, rescues }, failure }) => ({
    id,
    result: resultOf(localRefusal(failure, 'mail'), facts, rescues),
  }))
  return { ...outcome, recipients: [...outcome.recipients, ...results] }
}
