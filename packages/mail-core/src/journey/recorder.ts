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

const MAX_ADDRESS = 320

export interface JourneyOptions {
  readonly id: string
  /** Whose journey it is while it has no recipients. */
  readonly tenantId: string
  readonly direction: JourneyDirection
  readonly remoteAddress: string
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Steps kept, those of recipients included (default 500); further ones are counted. */
  readonly maxSteps?: number | undefined
  /** Recipients kept (default 1,000). */
  readonly maxRecipients?: number | undefined
  /** Characters kept of a detail or reply (default 500). */
  readonly maxDetail?: number | undefined
}

type Fate = Omit<JourneyRecipient, 'steps'>

/** Collects one transaction while it runs. All text is escaped and cut, so hostile input stays small and visible. */
export class JourneyRecorder {
  readonly id: string
  readonly #options: JourneyOptions
  readonly #maxSteps: number
  readonly #maxRecipients: number
  readonly #maxDetail: number
  readonly #startedAt: number
  readonly #steps: { step: JourneyStep; address: string | null }[] = []
  readonly #recipients = new Map<string, Fate>()
  #sender = ''
  #helo = ''
  #dropped = 0

  constructor(options: JourneyOptions) {
    this.id = options.id
    this.#options = options
    this.#maxSteps = options.maxSteps ?? 500
    this.#maxRecipients = options.maxRecipients ?? 1000
    this.#maxDetail = options.maxDetail ?? 500
    this.#startedAt = options.now()
  }

  /**
   * Adds a step; `name` says which check or stage, `detail` what it found.
   * With `recipient` it concerns that address alone and is shown to nobody else's tenant.
   */
  step(
    kind: JourneyStepKind,
    name: string,
    result: JourneyStepResult,
    detail = '',
    recipient: string | null = null,
  ): void {
    if (this.#steps.length >= this.#maxSteps) {
      this.#dropped += 1
      return
    }
    const address = recipient === null ? null : escapeRemote(recipient, MAX_ADDRESS)
    this.#steps.push({ step: this.#make(kind, name, result, detail), address })
  }

  /** Sets what the client said after HELO or EHLO. */
  helo(name: string): void {
    this.#helo = escapeRemote(name, 255)
  }

  /** Sets the envelope sender; '' is the null path. */
  sender(address: string): void {
    this.#sender = escapeRemote(address, MAX_ADDRESS)
  }

  /** Adds what became of a recipient; a later call for the same address replaces the earlier one. */
  recipient(fate: Fate): void {
    const address = escapeRemote(fate.address, MAX_ADDRESS)
    if (this.#recipients.size >= this.#maxRecipients && !this.#recipients.has(address)) return
    this.#recipients.set(address, { ...fate, address, reply: this.#cut(fate.reply) })
  }

  /** The journey so far, with a last step of kind `end` that tells the reply. It may be called again. */
  finish(status: JourneyStatus, reply: string): Journey {
    const note = this.#dropped === 0 ? reply : `${reply} (${this.#dropped} steps were not kept)`
    const known = (address: string | null) => address !== null && this.#recipients.has(address)
    return {
      id: this.id,
      tenantId: this.#options.tenantId,
      direction: this.#options.direction,
      status,
      sender: this.#sender,
      remoteAddress: this.#options.remoteAddress,
      helo: this.#helo,
      reply: this.#cut(reply),
      steps: [
        ...this.#steps.filter(({ address }) => !known(address)).map(({ step }) => step),
        this.#make('end', status, END_RESULTS[status], note),
      ],
      startedAt: new Date(this.#startedAt),
      recipients: [...this.#recipients.values()].map((fate) => ({ ...fate, steps: this.#stepsOf(fate.address) })),
    }
  }

  #stepsOf(recipient: string): JourneyStep[] {
    return this.#steps.filter(({ address }) => address === recipient).map(({ step }) => step)
  }

  #make(kind: JourneyStepKind, name: string, result: JourneyStepResult, detail: string): JourneyStep {
    const now = this.#options.now()
    return {
      at: new Date(now).toISOString(),
      ms: Math.max(0, Math.round(now - this.#startedAt)),
      kind,
      name: escapeRemote(name, 100),
      result,
      detail: this.#cut(detail),
    }
  }

  #cut(text: string): string {
    return escapeRemote(text, this.#maxDetail)
  }
}

/** What a transaction came to, from what its recipients came to: theirs when they agree, else `partial`. */
export function combineStatuses(statuses: readonly JourneyStatus[]): JourneyStatus {
  const [first, ...others] = new Set(statuses)
  if (first === undefined) return 'refused'
  return others.length === 0 ? first : 'partial'
}

const END_RESULTS: Readonly<Record<JourneyStatus, JourneyStepResult>> = {
  accepted: 'ok',
  partial: 'ok',
  refused: 'refused',
  deferred: 'deferred',
  aborted: 'failed',
}
