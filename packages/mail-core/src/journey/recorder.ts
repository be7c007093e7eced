import { escapeRemote } from '../smtp/text.ts'
import type {
  Journey,
  JourneyDirection,
  JourneyStatus,
  JourneyStep,
  JourneyStepKind,
  JourneyStepResult,
} from './types.ts'

export interface JourneyOptions {
  readonly id: string
  readonly direction: JourneyDirection
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Steps kept for the whole transaction (default 200); further ones are only counted. The `end` step is always kept. */
  readonly maxSteps?: number | undefined
  /** Steps kept for single recipients (default 1200), so that many recipients never crowd out the rest. */
  readonly maxRecipientSteps?: number | undefined
  /** Characters kept of a detail (default 500). */
  readonly maxDetail?: number | undefined
}

/** Collects the steps of one transaction. All text is escaped and truncated, so hostile input stays small and visible. */
export class JourneyRecorder {
  readonly id: string
  readonly #direction: JourneyDirection
  readonly #now: () => number
  readonly #maxSteps: number
  readonly #maxRecipientSteps: number
  readonly #maxDetail: number
  readonly #startedAt: number
  readonly #steps: JourneyStep[] = []
  #kept = 0
  #keptOfRecipients = 0
  #dropped = 0

  constructor(options: JourneyOptions) {
    this.id = options.id
    this.#direction = options.direction
    this.#now = options.now
    this.#maxSteps = options.maxSteps ?? 200
    this.#maxRecipientSteps = options.maxRecipientSteps ?? 1200
    this.#maxDetail = options.maxDetail ?? 500
    this.#startedAt = options.now()
  }

  /**
   * Adds a step; `name` is the check or stage, `detail` its finding.
   * @param recipient comparison key of the recipient concerned; null for the whole transaction
   */
  step(
    kind: JourneyStepKind,
    name: string,
    result: JourneyStepResult,
    detail = '',
    recipient: string | null = null,
  ): void {
    const room = recipient === null ? this.#kept < this.#maxSteps : this.#keptOfRecipients < this.#maxRecipientSteps
    if (!room) {
      this.#dropped += 1
      return
    }
    this.#steps.push(this.#make(kind, name, result, detail, recipient))
    if (recipient === null) this.#kept += 1
    else this.#keptOfRecipients += 1
  }

  #make(
    kind: JourneyStepKind,
    name: string,
    result: JourneyStepResult,
    detail: string,
    recipient: string | null,
  ): JourneyStep {
    const now = this.#now()
    return {
      at: new Date(now).toISOString(),
      ms: Math.max(0, Math.round(now - this.#startedAt)),
      kind,
      name: escapeRemote(name, 320),
      result,
      detail: escapeRemote(detail, this.#maxDetail),
      recipient: recipient === null ? null : escapeRemote(recipient, 320),
    }
  }

  /** The journey so far, with a final step of kind `end` that records the reply or what happened. May be called again. */
  finish(status: JourneyStatus, detail = ''): Journey {
    const note = this.#dropped === 0 ? detail : `${detail} (${this.#dropped} steps were not kept)`
    const last = this.#make('end', status, END_RESULTS[status], note, null)
    return {
      id: this.id,
      direction: this.#direction,
      status,
      startedAt: new Date(this.#startedAt),
      endedAt: new Date(last.at),
      steps: [...this.#steps, last],
    }
  }
}

const END_RESULTS: Readonly<Record<JourneyStatus, JourneyStepResult>> = {
  accepted: 'ok',
  queued: 'ok',
  deferred: 'deferred',
  delivered: 'ok',
  bounced: 'failed',
  suppressed: 'skipped',
  cancelled: 'skipped',
  refused: 'refused',
  partial: 'ok',
  aborted: 'failed',
}
