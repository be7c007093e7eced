import { networkInterfaces } from 'node:os'
import type { Config } from '@mairust/config'
import { createResolver } from '@mairust/dns'
import { queueLengths } from '@mairust/db/queries/delivery'
import { findSts, putSts } from '@mairust/db/queries/sts-policy'
import { DELIVERY_STATES } from '@mairust/db/schema'
import { enqueue } from '@mairust/db/queue'
import { Counter, Gauge } from 'prom-client'
import { GATHER_MS, report } from '../jobs/reports.ts'
import type { Part, Server } from '../roles.ts'
import { createAttempts } from './attempt.ts'
import { startEngine } from './engine.ts'
import { Pool } from './pool.ts'
import { wayToDomain, type WayOptions, wayToRoute } from './resolve-mx.ts'
import { withTestRecipients } from './test-recipients.ts'
import { fetchStsPolicy, STS_FETCH_MS } from './sts-fetch.ts'
import { createStsPolicies } from './sts-policies.ts'
import { suppressRefused } from './suppress.ts'
import { TIMEOUTS } from './timeouts.ts'

/** Idle connections to all sites together. */
const MAX_IDLE = 200
const HTTPS = 443

/** Sends the mail of the queue to other servers. */
export const delivery: Part = {
  name: 'delivery',
  roles: ['delivery'],
  start: (server) => Promise.resolve(startDelivery(server)),
}

function startDelivery({ config, database, blobs, metrics, log: root }: Server) {
  const { db } = database
  const log = root.child('delivery')
  const now = Date.now
  const resolver = createResolver({ servers: config().dns.servers, timeoutMs: config().dns.timeout_ms })
  const pool = new Pool({ now, maxIdle: MAX_IDLE })
  const wayOptions = (): WayOptions => ({
    resolver,
    ownHosts: [config().server.hostname],
    ownAddresses: ownAddresses(config()),
    allowPrivate: config().outbound.allow_private_destinations,
    random: Math.random,
    port: config().queue.port,
  })
  const policies = createStsPolicies({
    resolver,
    store: {
      get: (domain) => findSts(db, domain),
      set: (domain, memory) => putSts(db, domain, memory, new Date(now())),
    },
    fetch: (domain, owner) =>
      fetchStsPolicy(domain, {
        resolver,
        allowPrivate: config().outbound.allow_private_destinations,
        trust: undefined,
        port: HTTPS,
        timeoutMs: STS_FETCH_MS,
        owner,
      }),
    now: () => new Date(now()),
  })
  const ways = withTestRecipients(
    {
      makeAttempt: createAttempts({
        pool,
        name: () => config().server.hostname,
        trust: undefined,
        timeouts: TIMEOUTS,
        now,
      }),
      wayTo: (domain, { host }, owner) => {
        const found = { ...wayOptions(), owner }
        return host === null ? wayToDomain(domain, 'both', found) : wayToRoute(host, 'both', found)
      },
      stsOf: async (domain, owner) => (await policies(domain, owner)).policy,
    },
    { domain: () => config().outbound.test_domain, now },
  )
  const engine = startEngine({
    ...ways,
    database,
    blobs,
    config,
    onSettled: async (tx, counted) => {
      await suppressRefused(tx, counted, {
        localParts: config().outbound.suppression.exempt_local_parts,
        now: new Date(now()),
      })
      if (!counted.some((outcome) => outcome.report)) return
      await enqueue(tx, report, {}, { key: 'report', runAt: new Date(now() + GATHER_MS) })
    },
    attempts: new Counter({
      name: 'mairust_delivery_attempts_total',
      help: 'Attempts to deliver to a recipient elsewhere, by result.',
      labelNames: ['result'],
      registers: [metrics.registry],
    }),
    log,
    now,
    random: Math.random,
  })
  followQueue(db, metrics.registry)
  return {
    addresses: [],
    checks: { queue: () => engine.check() },
    stop: async (withinMs: number) => {
      await Promise.all([engine.stop(withinMs), pool.close(withinMs)])
    },
  }
}

/** Where mail to this server arrives, if it listens where other servers are called: on another port of ours is another server. */
function ownAddresses({ smtp, queue }: Pick<Config, 'smtp' | 'queue'>): string[] {
  if (!smtp.inbound.enabled || smtp.inbound.port !== queue.port) return []
  return Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address))
}

function followQueue(db: Server['database']['db'], registry: Server['metrics']['registry']): void {
  const open = DELIVERY_STATES.slice(0, 4)
  const gauge = new Gauge({
    name: 'mairust_queue_length',
    help: 'Recipients elsewhere whose mail is on its way, by state.',
    labelNames: ['state'],
    // Every node has the same figure.
    aggregator: 'max',
    registers: [registry],
    collect: async () => {
      // Keeps the last values while the database is unreachable.
      const lengths = await queueLengths(db).catch(() => null)
      if (lengths !== null) for (const state of open) gauge.set({ state }, lengths[state] ?? 0)
    },
  })
}
