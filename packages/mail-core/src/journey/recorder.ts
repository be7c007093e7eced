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
  /** Steps kept (default 200); further ones are counted. The end is always told. */
  readonly maxSteps?: number | undefined
  /** Characters kept of a detail (default 500). */
  readonly maxDetail?: number | undefined
}

/** Collects the steps of one transaction while it runs. All text is escaped and cut, so hostile input stays small and visible. */
export class JourneyRecorder {
  readonly id: string
  readonly #direction: JourneyDirection
  readonly #now: () => number
  readonly #maxSteps: number
  readonly #maxDetail: number
  readonly #startedAt: number
  readonly #steps: JourneyStep[] = []
  #dropped = 0

  constructor(options: JourneyOptions) {
    this.id = options.id
    this.#direction = options.direction
    this.#now = options.now
    this.#maxSteps = options.maxSteps ?? 200
    this.#maxDetail = options.maxDetail ?? 500
    this.#startedAt = options.now()
  }

  /** Adds a step; `name` says which check or stage, `detail` what it found. */
  step(kind: JourneyStepKind, name: string, result: JourneyStepResult, detail = ''): void {
    if (this.#steps.length < this.#maxSteps) this.#steps.push(this.make(kind, name, result, detail))
    else this.#dropped += 1
  }

  /** Makes a step of this moment without adding it: for what concerns one recipient, and nobody else's tenant. */
  make(kind: JourneyStepKind, name: string, result: JourneyStepResult, detail = ''): JourneyStep {
    const now = this.#now()
    return {
      at: new Date(now).toISOString(),
      ms: Math.max(0, Math.round(now - this.#startedAt)),
      kind,
      name: escapeRemote(name, 320),
      result,
      detail: escapeRemote(detail, this.#maxDetail),
    }
  }

  /** The journey so far, with a last step of kind `end` that tells the reply or what happened. It may be called again. */
  finish(status: JourneyStatus, detail = ''): Journey {
    const note = this.#dropped === 0 ? detail : `${detail} (${this.#dropped} steps were not kept)`
    const last = this.make('end', status, END_RESULTS[status], note)
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
  partial: 'ok',
  refused: 'refused',
  deferred: 'deferred',
  aborted: 'failed',
}
