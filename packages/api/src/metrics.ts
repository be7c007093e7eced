import { Counter, Histogram, Registry } from 'prom-client'

/** Metrics of the API. The ops port merges `registry` with those of other processes. */
export interface ApiMetrics {
  readonly registry: Registry
  /** @param route a pattern such as `/domains/{id}`, never a path with ids */
  request: (labels: { route: string; method: string; status: number }, seconds: number) => void
  authFailure: () => void
}

/** Makes the API's metrics in a registry of their own, or in a given one. */
export const createApiMetrics = (registry: Registry = new Registry()): ApiMetrics => {
  const registers = [registry]
  const requests = new Counter({
    name: 'mairust_api_requests_total',
    help: 'Requests answered by the API.',
    labelNames: ['route', 'method', 'status'],
    registers,
  })
  const duration = new Histogram({
    name: 'mairust_api_duration_seconds',
    help: 'Time from request to answer.',
    labelNames: ['route', 'method'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  })
  const failures = new Counter({
    name: 'mairust_auth_failures_total',
    help: 'Wrong passwords and unknown API keys.',
    registers,
  })
  return {
    registry,
    request: ({ route, method, status }, seconds) => {
      requests.inc({ route, method, status: String(status) })
      duration.observe({ route, method }, seconds)
    },
    authFailure: () => failures.inc(),
  }
}
