import { AggregatorRegistry, collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** What is counted here. No label ever holds an address or an id. */
export interface Metrics {
  readonly registry: Registry
  readonly connections: Counter<'listener'>
  readonly messages: Counter<'listener' | 'result'>
  readonly refusedRecipients: Counter<'listener' | 'reason'>
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
    refusedRecipients: new Counter({
      name: 'mairust_smtp_recipients_refused_total',
      help: 'Recipients that were refused at RCPT, by the name of the reason.',
      labelNames: ['listener', 'reason'],
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
      help: 'Wrong passwords and unknown API keys.',
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

/** A gauge whose figure is found out when it is asked for; null leaves it as it was. */
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

/** What a registry holds, in the form in which processes tell each other. */
export type Samples = Awaited<ReturnType<Registry['getMetricsAsJSON']>>

/** The registries of all processes as one text: equal labels are one sample, as each metric is to be joined. */
export function mergeMetrics(registries: readonly Samples[]): Promise<string> {
  return AggregatorRegistry.aggregate([...registries]).metrics()
}
