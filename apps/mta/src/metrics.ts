import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What is counted here. No label ever holds an address or an id. */
export interface Metrics {
  readonly registry: Registry
  readonly connections: Counter<'listener'>
  readonly messages: Counter<'listener' | 'result'>
  /** From DATA to its answer, seconds. */
  readonly duration: Histogram
  readonly authFailures: Counter
  readonly storageBytes: Gauge
  readonly certificateExpiry: Gauge
}

/** Makes the registry of a process, with the runtime's own figures. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    registry,
    connections: new Counter({
      name: 'mairust_smtp_connections_total',
      help: 'SMTP connections taken in.',
      labelNames: ['listener'],
      registers,
    }),
    messages: new Counter({
      name: 'mairust_smtp_messages_total',
      help: 'SMTP transactions by how they ended.',
      labelNames: ['listener', 'result'],
      registers,
    }),
    duration: new Histogram({
      name: 'mairust_smtp_duration_seconds',
      help: 'Time from DATA to its answer.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    authFailures: new Counter({
      name: 'mairust_auth_failures_total',
      help: 'Logins that were refused.',
      registers,
    }),
    storageBytes: new Gauge({ name: 'mairust_storage_bytes', help: 'Bytes of mail that mailboxes hold.', registers }),
    certificateExpiry: new Gauge({
      name: 'mairust_tls_certificate_expiry_seconds',
      help: 'Seconds until the TLS certificate expires.',
      registers,
    }),
  }
}

/** A counter whose figure is kept elsewhere; `read` gives it. */
export function followCounter(registry: Registry, about: { name: string; help: string }, read: () => number): void {
  const counter: Counter = new Counter({
    ...about,
    registers: [registry],
    collect: () => {
      counter.reset()
      counter.inc(read())
    },
  })
}

/**
 * Joins the text of two registries. A metric that both have (the runtime's own) is told once with the samples of both,
 * those of the second marked `process="web"`.
 */
export function mergeMetrics(own: string, web: string): string {
  const families = new Map<string, { head: string[]; samples: string[] }>()
  const read = (text: string, mark: (line: string) => string): void => {
    let name = ''
    for (const line of text.split('\n')) {
      if (line === '') continue
      const head = /^# (?:HELP|TYPE) (\S+)/.exec(line)
      name = head?.[1] ?? name
      const family = families.get(name) ?? { head: [], samples: [] }
      families.set(name, family)
      if (head === null) family.samples.push(mark(line))
      else if (!family.head.some((known) => known.startsWith(line.split(' ', 3).join(' ')))) family.head.push(line)
    }
  }
  read(own, (line) => line)
  read(web, (line) => (line.startsWith('mairust_') ? line : markWeb(line)))
  return [...families.values()].flatMap(({ head, samples }) => [...head, ...new Set(samples)]).join('\n') + '\n'
}

function markWeb(line: string): string {
  const at = line.indexOf('{')
  const end = line.indexOf(' ')
  return at !== -1 && at < end
    ? `${line.slice(0, at + 1)}process="web",${line.slice(at + 1)}`
    : `${line.slice(0, end)}{process="web"}${line.slice(end)}`
}
