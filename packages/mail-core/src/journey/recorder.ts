import { escapeRemote } from '../smtp/text.ts'
import type {
  Journey,
  JourneyDirection,
  JourneyRecipient,
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
  /** Steps kept (default 200); later ones are counted. The last step is always kept. */
  readonly maxSteps?: number
  /** Recipients kept (default 1,000). */
  readonly maxRecipients?: number
  /** Characters kept of a detail (default 500). */
  readonly maxDetail?: number
}

/** Collects the steps of one transaction while it runs. All text is escaped and cut, so hostile input stays small and visible. */
export class JourneyRecorder {
  readonly id: string
  readonly #options: Required<JourneyOptions>
  readonly #startedAt: number
  readonly #steps: JourneyStep[] = []
  readonly #recipients: JourneyRecipient[] = []
  #from = ''
  #dropped = 0

  constructor(options: JourneyOptions) {
    this.id = options.id
    this.#options = { maxSteps: 200, maxRecipients: 1000, maxDetail: 500, ...options }
    this.#startedAt = options.now()
  }

  /** Adds a step; `name` says which check or stage, `detail` what it found. */
  step(kind: JourneyStepKind, name: string, result: JourneyStepResult, detail = ''): void {
    if (this.#steps.length >= this.#options.maxSteps) this.#dropped += 1
    else this.#steps.push(this.#make(kind, name, result, detail))
  }

  /** Sets the envelope sender; '' is the null sender. */
  sender(address: string): void {
    this.#from = escapeRemote(address, 320)
  }

  /** Adds what became of a recipient; a later call for the same address replaces the earlier one. */
  recipient(recipient: JourneyRecipient): void {
    const { maxDetail, maxRecipients } = this.#options
    const kept = {
      ...recipient,
      address: escapeRemote(recipient.address, 320),
      reply: escapeRemote(recipient.reply, maxDetail),
      detail: escapeRemote(recipient.detail, maxDetail),
    }
    const at = this.#recipients.findIndex(({ address }) => address === kept.address)
    if (at !== -1) this.#recipients[at] = kept
    else if (this.#recipients.length < maxRecipients) this.#recipients.push(kept)
  }

  /** The journey so far, closed with a last step of kind `end` that repeats the reply or says what happened. */
  finish(status: JourneyStatus, detail = ''): Journey {
    const note = this.#dropped === 0 ? detail : `${detail} (${this.#dropped} further steps were not kept)`.trim()
    const last = this.#make('end', status, END_RESULTS[status], note)
    return {
      id: this.id,
      direction: this.#options.direction,
      status,
      from: this.#from,
      startedAt: new Date(this.#startedAt),
      endedAt: new Date(last.at),
      steps: [...this.#steps, last],
      recipients: [...this.#recipients],
    }
  }

  #make(kind: JourneyStepKind, name: string, result: JourneyStepResult, detail: string): JourneyStep {
    const now = this.#options.now()
    return {
      at: new Date(now).toISOString(),
      ms: Math.max(0, Math.round(now - this.#startedAt)),
      kind,
      name: escapeRemote(name, 100),
      result,
      detail: escapeRemote(detail, this.#options.maxDetail),
    }
  }
}

const END_RESULTS: Readonly<Record<JourneyStatus, JourneyStepResult>> = {
  open: 'info',
  accepted: 'ok',
  queued: 'ok',
  delivered: 'ok',
  partial: 'info',
  refused: 'refused',
  deferred: 'deferred',
  aborted: 'failed',
  bounced: 'failed',
  cancelled: 'skipped',
}
