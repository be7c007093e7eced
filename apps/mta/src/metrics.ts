import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** The mail server's metrics. No label may hold an address or an id. */
export interface Metrics {
  readonly registry: Registry
  readonly connections: Counter<'listener'>
  readonly messages: Counter<'listener' | 'result'>
  readonly refusedRecipients: Counter<'listener' | 'reason'>
  /** From DATA to its reply, seconds. */
  readonly duration: Histogram
  readonly authFailures: Counter
  readonly storageBytes: Gauge
  readonly certificateExpiry: Gauge
}

/** Creates a process's registry, with the default runtime metrics. */
export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  return {
    registry,
    connections: new Counter({
      name: 'mairust_smtp_connections_total',
      help: 'SMTP connections accepted.',
      labelNames: ['listener'],
      registers,
    }),
    messages: new Counter({
      name: 'mairust_smtp_messages_total',
      help: 'SMTP transactions by result.',
      labelNames: ['listener', 'result'],
      registers,
    }),
    refusedRecipients: new Counter({
      name: 'mairust_smtp_recipients_refused_total',
      help: 'Recipients refused at RCPT, by reason.',
      labelNames: ['listener', 'reason'],
      registers,
    }),
    duration: new Histogram({
      name: 'mairust_smtp_duration_seconds',
      help: 'Time from DATA to its reply.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers,
    }),
    authFailures: new Counter({
      name: 'mairust_auth_failures_total',
      help: 'Wrong passwords and unknown API keys.',
      registers,
    }),
    storageBytes: new Gauge({ name: 'mairust_storage_bytes', help: 'Bytes of mail in all mailboxes.', registers }),
    certificateExpiry: new Gauge({
      name: 'mairust_tls_certificate_expiry_seconds',
      help: 'Seconds until the TLS certificate expires.',
      registers,
    }),
  }
}

/** A counter whose value is kept elsewhere; `read` returns it at collection. */
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

/** A gauge read at collection; null keeps the last value. */
export function followGauge(
  registry: Registry,
  about: { name: string; help: string },
  read: () => Promise<number | null>,
): void {
  const gauge: Gauge = new Gauge({
    ...about,
    registers: [registry],
    collect: async () => {
      const figure = await read()
      if (figure !== null) gauge.set(figure)
    },
  })
}

/** A registry's metrics as processes exchange them. */
export type Samples = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/** Merges the registries of all processes into one text; equal labels are aggregated as each metric says. */
export function mergeMetrics(registries: readonly Samples[]): Promise<string> {
  return AggregatorRegistry.aggregate([...registries]).metrics()
}
