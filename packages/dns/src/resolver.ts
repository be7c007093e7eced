import { type Asked, Asker } from './ask.ts'
import { type CacheLimits, ExpiringCache } from './cache.ts'
import { isDnsName, nameKey } from './name.ts'
import { MAX_ALIASES } from './read-answer.ts'
import { readServers } from './servers.ts'
import { Slots } from './slots.ts'
import type { Answer, QueryOptions, RecordType, Resolver, Temporary } from './types.ts'

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
  /** Most questions under way at once, and most that wait for their turn. */
  readonly inFlight: number
  readonly waiting: number
}

const LIMITS: ResolverLimits = { cache: { entries: 50_000, bytes: 32 * 1024 * 1024 }, inFlight: 200, waiting: 5_000 }

/** Seconds for which answers are kept, whatever they say. RFC 2308 §5 and RFC 9520 §3.2 name the limits of the last two. */
const KEPT = { found: { least: 5, most: 86_400 }, missing: { least: 5, most: 3_600 }, temporary: 5 } as const

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
  const slots = new Slots(limits.inFlight, limits.waiting)
  const underWay = new Map<string, Promise<Answer<RecordType>>>()

  async function resolve(name: string, type: RecordType, key: string): Promise<Answer<RecordType>> {
    const { answer, seconds } = (await slots.run(() => follow(asker, name, type))) ?? temporary('overloaded')
    cache.set(key, answer, { bytes: sizeOf(answer), ms: seconds * 1000 })
    return answer
  }

  function shared(name: string, type: RecordType): Promise<Answer<RecordType>> {
    const key = `${type} ${nameKey(name)}`
    const known = cache.get(key)
    if (known !== undefined) return Promise.resolve(withTtl(known.value, Math.ceil(known.leftMs / 1000)))
    const running = underWay.get(key)
    if (running !== undefined) return running
    const started = resolve(name, type, key).finally(() => underWay.delete(key))
    underWay.set(key, started)
    return started
  }

  return {
    query: async <T extends RecordType>(name: string, type: T, { signal }: QueryOptions = {}) => {
      if (!isDnsName(name)) return { kind: 'no_such_name', ttl: KEPT.missing.most, authenticated: false }
      const answer = signal === undefined ? await shared(name, type) : await unless(signal, () => shared(name, type))
      // The key names the type, so what is kept under it is of this type.
      return answer as Answer<T>
    },
  }
}

interface Resolved {
  readonly answer: Answer<RecordType>
  /** For how long it is kept. */
  readonly seconds: number
}

/** Asks, and asks again for the target when all that came back is an alias. */
async function follow(asker: Asker, asked: string, type: RecordType): Promise<Resolved> {
  let name = asked
  let most = Infinity
  let authenticated = true
  for (let step = 0; step <= MAX_ALIASES; step += 1) {
    const told: Asked<RecordType> = await asker.ask({ name, type })
    if ('failed' in told) return temporary(told.failed)
    const { reading, authentic } = told
    authenticated &&= authentic
    if (reading.kind !== 'alias') return conclude(reading, asked, authenticated, most)
    most = Math.min(most, reading.ttl)
    name = reading.target
    if (!isDnsName(name)) break
  }
  return temporary('chain_too_long')
}

type Conclusion = Exclude<Extract<Asked<RecordType>, { authentic: boolean }>['reading'], { kind: 'alias' }>

function conclude(reading: Conclusion, asked: string, authenticated: boolean, most: number): Resolved {
  const { least, most: limit } = reading.kind === 'found' ? KEPT.found : KEPT.missing
  const ttl = reading.ttl === null ? 0 : Math.min(Math.max(Math.min(reading.ttl, most), least), limit)
  const cname = nameKey(reading.name) === nameKey(asked) ? {} : { cname: reading.name }
  const known = { authenticated, ttl, ...cname }
  return {
    answer:
      reading.kind === 'found'
        ? { ...known, kind: 'found', records: reading.records }
        : { ...known, kind: reading.kind },
    seconds: ttl,
  }
}

const temporary = (cause: Temporary['cause']): Resolved => ({
  answer: { kind: 'temporary', cause },
  seconds: cause === 'overloaded' ? 0 : KEPT.temporary,
})

const withTtl = (answer: Answer<RecordType>, ttl: number): Answer<RecordType> =>
  answer.kind === 'temporary' ? answer : { ...answer, ttl }

/** The work's result, or `cancelled` as soon as the signal says so. */
function unless(signal: AbortSignal, work: () => Promise<Answer<RecordType>>): Promise<Answer<RecordType>> {
  const cancelled: Temporary = { kind: 'temporary', cause: 'cancelled' }
  if (signal.aborted) return Promise.resolve(cancelled)
  return new Promise((resolve) => {
    const stop = () => resolve(cancelled)
    signal.addEventListener('abort', stop, { once: true })
    void work().then((answer) => {
      signal.removeEventListener('abort', stop)
      resolve(answer)
    })
  })
}

function sizeOf(answer: Answer<RecordType>): number {
  return answer.kind === 'found' ? Buffer.byteLength(JSON.stringify(answer.records)) * 2 : 0
}
