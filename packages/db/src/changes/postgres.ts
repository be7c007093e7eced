import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { channelOf, type Db } from '../client/db.ts'
import { connectionSettings } from '../client/postgres-pool.ts'
import { type Changes, Subscribers } from './changes.ts'
import { isFrequentTopic, type Topic } from './topics.ts'

const CHANNEL = 'mairust_changes'
/** Topics that change with every message are batched for this long. */
const GATHER_MS = 50
/** NOTIFY payloads must be under 8000 bytes. */
const PAYLOAD = 7000
const NOTIFY = `select pg_notify('${CHANNEL}', value) from unnest($1::text[]) as value`
/** Interval of checks that the listening connection is alive. */
const CHECK_MS = 15_000

/** Changes over LISTEN and NOTIFY, on a dedicated connection that is reopened when it breaks. */
export function postgresChanges(url: string, db: Db): Changes & { stop: () => Promise<void> } {
  const subscribers = new Subscribers()
  const origin = randomUUID()
  const gathered = new Set<string>()
  let flushing: NodeJS.Timeout | null = null
  const stopped = new AbortController()
  let client: pg.Client | null = null

  const onNotification = (payload: string): void => {
    const [from, ...topics] = payload.split('\n')
    if (from !== origin) subscribers.notify(topics as Topic[])
  }

  const flush = async (): Promise<void> => {
    if (flushing !== null) clearTimeout(flushing)
    flushing = null
    const topics = [...gathered]
    gathered.clear()
    // Lost only when the database is down; those that need them also poll.
    if (topics.length > 0)
      await channelOf(db)
        .all(NOTIFY, [payloads(origin, topics)])
        .catch(() => undefined)
  }

  /** Listens until the connection breaks. */
  const listen = async (onListening: () => void): Promise<void> => {
    const own = new pg.Client({ ...connectionSettings(url), query_timeout: CHECK_MS })
    client = own
    const ended = new Promise<void>((resolve) => own.once('end', resolve))
    own.on('error', () => void own.end().catch(() => undefined))
    own.on('notification', ({ payload }) => onNotification(payload ?? ''))
    const check = setInterval(() => {
      own.query('select 1').catch(() => own.end().catch(() => undefined))
    }, CHECK_MS)
    check.unref()
    try {
      // A connection that ends while connecting never answers.
      const over = ended.then(() => Promise.reject(new Error('the connection ended')))
      await Promise.race([own.connect(), over])
      await Promise.race([own.query(`listen ${CHANNEL}`), over])
      onListening()
      // Whatever was published while not listening is lost.
      subscribers.notifyAll()
      await ended
    } finally {
      clearInterval(check)
      await own.end().catch(() => undefined)
    }
  }

  const running = (async () => {
    for (let pause = 100; !stopped.signal.aborted; pause = Math.min(pause * 2, 2000)) {
      await listen(() => (pause = 100)).catch(() => undefined)
      await delay(pause, undefined, { signal: stopped.signal }).catch(() => undefined)
    }
  })()

  return {
    subscribe: (topic, fn) => subscribers.add(topic, fn),
    publish: async (tx, ...topics) => {
      const names = [...new Set(topics)]
      const rare = names.filter((topic) => !isFrequentTopic(topic))
      if (rare.length > 0) await channelOf(tx).all(NOTIFY, [payloads(origin, rare)])
      if (names.length === 0) return
      channelOf(tx).afterCommit(() => {
        subscribers.notify(names)
        for (const topic of names) if (isFrequentTopic(topic)) gathered.add(topic)
        if (gathered.size > 0) flushing ??= setTimeout(() => void flush(), GATHER_MS)
      })
    },
    stop: async () => {
      stopped.abort()
      await flush()
      await client?.end().catch(() => undefined)
      await running
    },
  }
}

/** Packs topics into as few payloads as possible, each starting with its origin. */
function payloads(origin: string, topics: string[]): string[] {
  const all: string[] = []
  let current = origin
  for (const topic of topics) {
    if (Buffer.byteLength(current) + Buffer.byteLength(topic) > PAYLOAD) {
      all.push(current)
      current = origin
    }
    current += `\n${topic}`
  }
  return [...all, current]
}
