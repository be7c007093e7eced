import { type Asked, Asker } from './ask.ts'
import { type CacheLimits, ExpiringCache } from './cache.ts'
import { follow, KEPT } from './follow.ts'
import { isDnsName, nameKey } from './name.ts'
import { readServers } from './servers.ts'
import { SharedQuestion } from './shared.ts'
import { SilentZones } from './silence.ts'
import { type TurnLimits, Turns } from './turns.ts'
import type { Answer, QueryOptions, RecordType, Resolver, TemporaryCause } from './types.ts'
import type { Question } from './wire.ts'

export interface ResolverOptions {
  /** `dns.servers`; empty: the system's. */
  readonly servers: readonly string[]
  /** `dns.timeout_ms`: for each attempt. */
  readonly timeoutMs: number
  /** Whether the servers validate and their AD bit is trusted (`dns.validating_resolver`). */
  readonly validating?: boolean | undefined
  /** Milliseconds since the epoch, or any other steady count. */
  readonly now?: (() => number) | undefined
  readonly limits?: Partial<ResolverLimits> | undefined
}

export interface ResolverLimits {
  readonly cache: CacheLimits
  /** Questions under way and waiting, by owner. */
  readonly owners: TurnLimits
  /** The same for those that ask below a silent domain, by that domain; they take no share from others. */
  readonly silent: TurnLimits
}

const LIMITS: ResolverLimits = {
  cache: { entries: 25_000, bytes: 16 * 1024 * 1024 },
  owners: { inFlight: 200, perName: 40, waiting: 1000 },
  silent: { inFlight: 50, perName: 5, waiting: 200 },
}

const SILENT: ReadonlySet<TemporaryCause> = new Set(['timeout', 'servfail'])

/**
 * Creates a caching resolver with its own UDP and TCP. Of a name server that drops, delays, garbles or forges answers it says
 * `temporary`, never that a name does not exist.
 */
export function createResolver(options: ResolverOptions): Resolver {
  const limits = { ...LIMITS, ...options.limits }
  const now = options.now ?? (() => performance.now())
  const { timeoutMs, validating = false } = options
  const asker = new Asker({ servers: readServers(options.servers), timeoutMs, validating })
  const cache = new ExpiringCache<Answer<RecordType>>(limits.cache, now)
  const owners = new Turns(limits.owners)
  const silentZones = new Turns(limits.silent)
  const silence = new SilentZones(now)
  const questions = new Map<string, SharedQuestion>()

  /** The turn of a question. One whose domain was silent lately gives it away, and waits with others like it. */
  async function begin(question: Question, settle: (answer: Answer<RecordType>) => void, unwanted: AbortSignal) {
    const zone = silence.zoneOf(question.name)
    if (zone === null) {
      settle(await resolve(question, unwanted))
      return
    }
    const entry = { begin: async () => settle(await resolve(question, unwanted)) }
    unwanted.addEventListener('abort', () => silentZones.leave(entry), { once: true })
    // RFC 9520 §3: without another try, it is as silent as it was.
    if (!silentZones.enter(zone, entry)) settle({ kind: 'temporary', cause: 'timeout' })
  }

  async function resolve(question: Question, unwanted: AbortSignal): Promise<Answer<RecordType>> {
    const { name, type } = question
    const { answer, seconds } = await follow(name, type, (next) => ask(next, unwanted))
    cache.set(keyOf(question), answer, { bytes: sizeOf(answer), ms: seconds * 1000 })
    return answer
  }

  async function ask(question: Question, unwanted: AbortSignal): Promise<Asked<RecordType>> {
    const start = now()
    const asked = await asker.ask(question, unwanted)
    if (!('failed' in asked)) silence.answered(question.name)
    else if (asked.failed === 'cancelled' ? now() - start >= timeoutMs : SILENT.has(asked.failed)) {
      silence.silent(question.name)
    }
    return asked
  }

  function start(question: Question, key: string): SharedQuestion {
    const forget = (): void => {
      if (questions.get(key) === started) questions.delete(key)
    }
    const started: SharedQuestion = new SharedQuestion(
      (settle, unwanted) => {
        const done = (answer: Answer<RecordType>): void => {
          forget()
          settle(answer)
        }
        return begin(question, done, unwanted)
      },
      () => {
        forget()
        owners.leave(started)
      },
    )
    questions.set(key, started)
    return started
  }

  async function query(question: Question, { signal, owner = '' }: QueryOptions): Promise<Answer<RecordType>> {
    if (signal?.aborted === true) return { kind: 'temporary', cause: 'cancelled' }
    const key = keyOf(question)
    const known = cache.get(key)
    if (known !== undefined) return withTtl(known.value, Math.ceil(known.leftMs / 1000))
    const shared = questions.get(key) ?? start(question, key)
    // Whoever else wants the answer need not wait for the first one's turn.
    if (shared.hasBegun || owners.enter(owner, shared)) return shared.wait(signal)
    if (!shared.isWanted) questions.delete(key)
    return { kind: 'temporary', cause: 'overloaded' }
  }

  return {
    query: async <T extends RecordType>(name: string, type: T, options: QueryOptions = {}) => {
      if (!isDnsName(name)) return { kind: 'no_such_name', ttl: KEPT.missing.most, authenticated: false }
      // The key names the type, so what is kept under it is of this type.
      return (await query({ name, type }, options)) as Answer<T>
    },
  }
}

const keyOf = ({ name, type }: Question): string => `${type} ${nameKey(name)}`

const withTtl = (answer: Answer<RecordType>, ttl: number): Answer<RecordType> =>
  answer.kind === 'temporary' ? answer : { ...answer, ttl }

function sizeOf(answer: Answer<RecordType>): number {
  return answer.kind === 'found' ? Buffer.byteLength(JSON.stringify(answer.records)) * 2 : 0
}
