import { randomInt } from 'node:crypto'
import { readAnswer, type Reading } from './read-answer.ts'
import type { NameServer } from './servers.ts'
import { exchangeTcp } from './tcp.ts'
import type { RecordType, TemporaryCause } from './types.ts'
import { type Exchanged, exchangeUdp, type Sending } from './udp.ts'
import { type Question, RCODE, writeQuery } from './wire.ts'

/** What one response says, and whether the server vouches for it (AD bit). */
export interface Told<T extends RecordType> {
  readonly reading: Extract<Reading<T>, { kind: 'found' | 'no_such_name' | 'no_data' | 'alias' }>
  readonly authentic: boolean
}
export type Asked<T extends RecordType> = Told<T> | { readonly failed: TemporaryCause }

export interface AskOptions {
  readonly servers: readonly NameServer[]
  readonly timeoutMs: number
  readonly validating: boolean
}

const TRIES = 2
/** Most telling last: silence says less than an answer that is of no use. */
const CAUSES: readonly TemporaryCause[] = ['network', 'timeout', 'malformed', 'refused', 'servfail']

/** Asks name servers, beginning with the one that answered last. */
export class Asker {
  readonly #options: AskOptions
  #first = 0

  constructor(options: AskOptions) {
    this.#options = options
  }

  /** Asks each server twice at most, until one of them says something about the name, or the signal says that nobody wants to know. */
  async ask<T extends RecordType>(question: Question & { readonly type: T }, signal: AbortSignal): Promise<Asked<T>> {
    const { servers } = this.#options
    let failed: TemporaryCause = 'network'
    for (let attempt = 0; attempt < TRIES * servers.length; attempt += 1) {
      const index = (this.#first + attempt) % servers.length
      const server = servers[index]
      if (server === undefined) break
      const asked = await this.#askOne(server, question, signal)
      if (!('failed' in asked)) {
        this.#first = index
        return asked
      }
      if (asked.failed === 'chain_too_long' || asked.failed === 'cancelled') return asked
      if (CAUSES.indexOf(asked.failed) > CAUSES.indexOf(failed)) failed = asked.failed
    }
    return { failed }
  }

  async #askOne<T extends RecordType>(
    server: NameServer,
    question: Question & { readonly type: T },
    signal: AbortSignal,
  ): Promise<Asked<T>> {
    const exchange = (edns: boolean) => this.#exchange({ server, question, signal }, edns)
    let exchanged = await exchange(true)
    // RFC 6891 §6.2.2: it does not know EDNS.
    if (exchanged.kind === 'response' && (exchanged.rcode === RCODE.formErr || exchanged.rcode === RCODE.notImp)) {
      exchanged = await exchange(false)
    }
    if (exchanged.kind === 'truncated') return { failed: 'malformed' }
    if (exchanged.kind !== 'response') return { failed: exchanged.kind }
    const reading = readAnswer(exchanged.packet, exchanged.rcode, question)
    switch (reading.kind) {
      case 'servfail':
      case 'refused':
      case 'malformed':
      case 'chain_too_long':
        return { failed: reading.kind }
      default:
        return { reading, authentic: this.#options.validating && exchanged.packet.flag_ad }
    }
  }

  async #exchange(to: Pick<Sending, 'server' | 'question' | 'signal'>, edns: boolean): Promise<Exchanged> {
    const { timeoutMs, validating } = this.#options
    const id = randomInt(0x10000)
    const sending = { ...to, id, bytes: writeQuery(to.question, { id, edns, validating }), timeoutMs }
    const overUdp = await exchangeUdp(sending)
    return overUdp.kind === 'truncated' ? exchangeTcp(sending) : overUdp
  }
}
