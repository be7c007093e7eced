import {
  type Admission,
  type AdmitQuestion,
  chooseSource,
  limitsNow,
  type SiteSettings,
  type SiteState,
  started,
  type TlsMemory,
} from '@mairust/mail-core/outbound'
import type { AttemptReport } from './attempt-report.ts'
import { afterAttempt, type SiteMemory, type Told } from './site-memory.ts'

/** An attempt that may start. */
export interface Start {
  readonly kind: 'go'
  /** Our address that it comes from; empty: the system chooses. */
  readonly source: string
  /** Connections that the site may have at once. */
  readonly limit: number
  readonly tls: TlsMemory
  /** Must be called once. `report`: what came of it; null: nothing was tried. */
  end(report: AttemptReport | null): void
}

/** Nothing may be sent to the site before this time, milliseconds since the epoch. */
export interface Wait {
  readonly kind: 'wait'
  readonly until: number
  /** The last words of a site that is dead; empty otherwise. */
  readonly reply: string
}

export interface GateOptions {
  readonly settings: () => SiteSettings
  readonly sources: () => readonly string[]
  readonly now: () => number
  /** Told after each attempt, and what is new. */
  readonly changed: (told: Told) => void
}

/** Who waits in front of one site; beyond it they come back later, so that one large site holds no memory. */
const MAX_WAITING = 100
const LATER = 1000

/** Lets attempts to one site start: as many at once, and as fast, as its answers allow (O29, O30, O32, O33). */
export class SiteGate {
  readonly key: string
  readonly domain: string
  readonly #options: GateOptions
  #memory: SiteMemory
  #running = 0
  #isKnown = false
  readonly #waiting: ((entered: Start | Wait) => void)[] = []
  #timer: NodeJS.Timeout | null = null
  #last: Promise<unknown> = Promise.resolve()

  constructor(key: string, domain: string, memory: SiteMemory, options: GateOptions) {
    this.key = key
    this.domain = domain
    this.#memory = memory
    this.#options = options
  }

  get memory(): SiteMemory {
    return this.#memory
  }

  /** Whether it has taken mail since this process began. */
  get isKnown(): boolean {
    return this.#isKnown
  }

  get isIdle(): boolean {
    return this.#running === 0 && this.#waiting.length === 0
  }

  /** Takes over what an operator or another node has changed. */
  reload({ state }: SiteMemory): void {
    const own = this.#memory.state
    const dead = state.dead && { ...state.dead, probingUntil: own.dead?.probingUntil ?? null }
    this.#memory = { ...this.#memory, state: { ...own, throttles: state.throttles, dead, ipv4Until: state.ipv4Until } }
    this.#pump()
  }

  /** Runs one after the other: who takes mail for the site takes all that goes together (O17). */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#last.then(work)
    this.#last = run.catch(() => undefined)
    return run
  }

  /** Until when nothing may be sent; null: it may be tried. */
  get closed(): Wait | null {
    const { settings, sources, now } = this.#options
    const question = { settings: settings(), running: this.#running, now: now() }
    const choice = chooseSource(this.#memory.state, sources(), question)
    return choice === null ? null : this.#waitOf(choice.admission)
  }

  /** Waits until an attempt may start, in order of arrival, or says that it may not for long. */
  enter(): Promise<Start | Wait> {
    if (this.#waiting.length >= MAX_WAITING) {
      return Promise.resolve({ kind: 'wait', until: this.#options.now() + LATER, reply: '' })
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve)
      this.#pump()
    })
  }

  /** Sends all who wait away. */
  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    for (const leave of this.#waiting.splice(0)) leave({ kind: 'wait', until: Infinity, reply: '' })
  }

  #pump(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    const { settings, sources, now } = this.#options
    while (this.#waiting.length > 0) {
      const question = { settings: settings(), running: this.#running, now: now() }
      const choice = chooseSource(this.#memory.state, sources(), question)
      if (choice === null) return
      const { source, admission } = choice
      if (admission.kind === 'wait') {
        const wait = this.#waitOf(admission)
        if (wait !== null) for (const leave of this.#waiting.splice(0)) leave(wait)
        else if (admission.until !== null) this.#pumpAt(admission.until)
        return
      }
      this.#start(source, admission, { ...question, source })
    }
  }

  #start(source: string, admission: Admission, question: AdmitQuestion): void {
    const { state, tls } = this.#memory
    this.#memory = { state: started(state, admission, question), tls }
    this.#running += 1
    this.#waiting.shift()?.({
      kind: 'go',
      source,
      limit: Math.max(limitsNow(state, question).concurrency, 1),
      tls,
      end: (report) => this.#end(report, source, question.now),
    })
  }

  #end(report: AttemptReport | null, source: string, startedAt: number): void {
    this.#running -= 1
    if (report !== null) {
      const { settings, now } = this.#options
      const context = { settings: settings(), site: this.key, source, startedAt, now: now() }
      this.#isKnown ||= report.recipients.some(({ result }) => result.kind === 'delivered')
      const told = afterAttempt(this.#memory, report, context)
      this.#memory = told.memory
      this.#options.changed(told)
    } else this.#memory = { ...this.#memory, state: withoutProbe(this.#memory.state) }
    this.#pump()
  }

  /** Long waits are waited for elsewhere. */
  #waitOf(admission: Admission): Wait | null {
    if (admission.kind !== 'wait' || (admission.reason !== 'dead' && admission.reason !== 'paused')) return null
    const { dead } = this.#memory.state
    return {
      kind: 'wait',
      until: admission.until ?? this.#options.now() + LATER,
      reply: admission.reason === 'dead' ? (dead?.reply ?? '') : '',
    }
  }

  #pumpAt(time: number): void {
    this.#timer = setTimeout(() => this.#pump(), Math.max(time - this.#options.now(), 1))
    this.#timer.unref()
  }
}

/** A probe that was not made is none. */
function withoutProbe(state: SiteState): SiteState {
  return state.dead === null ? state : { ...state, dead: { ...state.dead, probingUntil: null } }
}
