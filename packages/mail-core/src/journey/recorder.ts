import { escapeRemote } from '../smtp/text.ts'
import { domainOfStep } from './audience.ts'
import { END_RESULTS } from './status.ts'
import {
  type Behind,
  type Journey,
  type JourneyDirection,
  type JourneyStatus,
  type JourneyStepKind,
  type JourneyStepResult,
  type RecordedStep,
  UNNAMED,
} from './types.ts'

export interface JourneyOptions {
  readonly id: string
  readonly direction: JourneyDirection
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Steps kept for the whole transaction (default 50); further ones are only counted. The `end` step is always kept. */
  readonly maxSteps?: number | undefined
  /** Steps kept for single recipients (default 150), so that many recipients never crowd out the rest. */
  readonly maxRecipientSteps?: number | undefined
  /** Characters kept of a detail (default 500). */
  readonly maxDetail?: number | undefined
}

/** Characters kept of an address. */
const MAX_ADDRESS = 320

/** An address as steps have it. */
export const inSteps = (address: string): string => escapeRemote(address, MAX_ADDRESS)

/** Collects the steps of one transaction. All text is escaped and truncated, so hostile input stays small and visible. */
export class JourneyRecorder {
  readonly id: string
  readonly #direction: JourneyDirection
  readonly #now: () => number
  readonly #maxSteps: number
  readonly #maxRecipientSteps: number
  readonly #maxDetail: number
  readonly #startedAt: number
  readonly #steps: RecordedStep[] = []
  /** How many steps are kept, and how many are not. */
  readonly #counts = {
    all: { kept: 0, dropped: 0 },
    recipients: { kept: 0, dropped: 0 },
  }

  constructor(options: JourneyOptions) {
    this.id = options.id
    this.#direction = options.direction
    this.#now = options.now
    this.#maxSteps = options.maxSteps ?? 50
    this.#maxRecipientSteps = options.maxRecipientSteps ?? 150
    this.#maxDetail = options.maxDetail ?? 500
    this.#startedAt = options.now()
  }

  /**
   * Adds a step; `name` is the check or stage, `detail` its finding.
   * @param recipient comparison key of the recipient concerned; `UNNAMED`; `allIn` a domain, which is kept whatever the limits; null for
   * the whole transaction
   * @param behind for a mailbox or target that nobody named. The caller bounds how many there are: what a common limit leaves of some
   * would tell how many others have
   */
  step(
    kind: JourneyStepKind,
    name: string,
    result: JourneyStepResult,
    detail = '',
    recipient: string | null = null,
    behind?: Behind,
  ): void {
    if (behind !== undefined) {
      const through = inSteps(behind.through)
      this.#steps.push({ ...this.#make(kind, name, result, detail, recipient), behind: { ...behind, through } })
      return
    }
    // How many there are depends on the recipients of others: a limit would tell.
    if (domainOfStep({ kind, recipient }) !== null) {
      this.#steps.push(this.#make(kind, name, result, detail, recipient))
      return
    }
    const isOfAll = recipient === null || recipient === UNNAMED
    const count = this.#counts[isOfAll ? 'all' : 'recipients']
    if (count.kept >= (isOfAll ? this.#maxSteps : this.#maxRecipientSteps)) {
      count.dropped += 1
      return
    }
    count.kept += 1
    this.#steps.push(this.#make(kind, name, result, detail, recipient))
  }

  #make(
    kind: JourneyStepKind,
    name: string,
    result: JourneyStepResult,
    detail: string,
    recipient: string | null,
  ): RecordedStep {
    const now = this.#now()
    return {
      at: new Date(now).toISOString(),
      ms: Math.max(0, Math.round(now - this.#startedAt)),
      kind,
      name: escapeRemote(name, MAX_ADDRESS),
      result,
      detail: escapeRemote(detail, this.#maxDetail),
      recipient: recipient === null ? null : inSteps(recipient),
    }
  }

  /**
   * The journey so far, with a final step of kind `end` that records the reply or what happened. May be called again.
   * @param leftOut envelope recipients whose steps are not wanted, as `inSteps` writes them
   */
  finish(status: JourneyStatus, detail = '', leftOut: ReadonlySet<string> = new Set()): Journey {
    const { all, recipients } = this.#counts
    const note = all.dropped === 0 ? detail : `${detail} (${all.dropped} steps were not kept)`
    const last = this.#make('end', status, END_RESULTS[status], note, null)
    // Of whom they were is nothing that a single recipient may know.
    const missing = `${recipients.dropped} steps were not kept`
    const more = recipients.dropped === 0 ? [] : [this.#make('rcpt', 'more steps', 'info', missing, UNNAMED)]
    const kept = this.#steps.filter(({ recipient, behind }) => !leftOut.has(behind?.through ?? recipient ?? ''))
    return {
      id: this.id,
      direction: this.#direction,
      status,
      startedAt: new Date(this.#startedAt),
      endedAt: new Date(last.at),
      steps: [...kept, ...more, last],
    }
  }
}
