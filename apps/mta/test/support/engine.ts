import { Readable } from 'node:stream'
import { type Config, loadConfig } from '@mairust/config'
import type { Database } from '@mairust/db'
import { type BlobStore, memoryBlobStore } from '@mairust/db/blob'
import { acceptMessages } from '@mairust/db/queries/accept'
import { listDeliveries } from '@mairust/db/queries/delivery'
import type { AttemptOutcome } from '@mairust/db/queries/delivery-settle'
import type { TenantScope } from '@mairust/db/queries/scope'
import { makeOutgoing, makeScope, type OutgoingOverrides } from '@mairust/db/testing'
import { createLog } from '@mairust/log'
import type { StsPolicy } from '@mairust/mail-core/outbound'
import { Counter, Registry } from 'prom-client'
import { expect } from 'vitest'
import { createAttempts } from '../../src/delivery/attempt.ts'
import { type Engine, startEngine } from '../../src/delivery/engine.ts'
import { Pool } from '../../src/delivery/pool.ts'
import { wayToDomain, type WayOptions, wayToRoute } from '../../src/delivery/resolve-mx.ts'
import { suppressRefused } from '../../src/delivery/suppress.ts'
import { withTestRecipients } from '../../src/delivery/test-recipients.ts'
import type { DeliveryBench } from './delivery.ts'

export const MAIL = 'Subject: hello\r\n\r\n.Good day.\r\n'

/** The queue of a database, with engines that send to the remotes of a bench. */
export class QueueBench {
  blobs: BlobStore = memoryBlobStore()
  readonly database: Database
  scope: TenantScope
  config: Pick<Config, 'queue' | 'outbound'>
  /** Attempts under way at once, at most. */
  maxRunning = 1000
  /** What was settled, in order. */
  readonly settled: AttemptOutcome[] = []
  sts: (domain: string) => Promise<StsPolicy | null> = () => Promise.resolve(null)
  readonly #bench: DeliveryBench
  readonly #running: { engine: Engine; pool: Pool }[] = []
  #offset = 0

  private constructor(database: Database, bench: DeliveryBench, scope: TenantScope) {
    this.database = database
    this.#bench = bench
    this.scope = scope
    const { config } = loadConfig({ env: { MAIRUST_OUTBOUND__ALLOW_PRIVATE_DESTINATIONS: 'true' } })
    this.config = { ...config, queue: { ...config.queue, retry_minutes: [10] } }
  }

  static async open(database: Database, bench: DeliveryBench): Promise<QueueBench> {
    return new QueueBench(database, bench, await makeScope(database.db))
  }

  readonly now = (): number => Date.now() + this.#offset

  /** Moves the clock, and has the engines look. */
  async advance(minutes: number): Promise<void> {
    this.#offset += minutes * 60_000
    await this.poke()
  }

  async poke(): Promise<void> {
    const { db, changes } = this.database
    await db.transaction((tx) => changes.publish(tx, 'queue:test', 'sending:test'))
  }

  /** Starts an engine, as a process does. */
  start(database: Pick<Database, 'db' | 'changes'> = this.database): Engine {
    const pool = new Pool({ now: this.now, maxIdle: 100 })
    const options = (): WayOptions => ({
      resolver: this.#bench.resolver,
      ownHosts: ['mx.our.test'],
      ownAddresses: [],
      allowPrivate: true,
      random: () => 0.5,
      port: this.#bench.port,
    })
    const ways = withTestRecipients(
      {
        makeAttempt: createAttempts({
          pool,
          name: () => 'mx.our.test',
          trust: this.#bench.trust,
          timeouts: this.#bench.timeouts,
          now: this.now,
        }),
        wayTo: (domain, { host }, owner) => {
          const found = { ...options(), owner }
          return host === null ? wayToDomain(domain, 'both', found) : wayToRoute(host, 'both', found)
        },
        stsOf: (domain) => this.sts(domain),
      },
      { domain: () => this.config.outbound.test_domain, now: this.now },
    )
    const engine = startEngine({
      ...ways,
      database,
      blobs: this.blobs,
      config: () => this.config,
      onSettled: async (tx, outcomes) => {
        this.settled.push(...outcomes)
        await suppressRefused(tx, outcomes, { localParts: ['security'], now: new Date(this.now()) })
      },
      attempts: new Counter({ name: 'attempts', help: 'x', labelNames: ['result'], registers: [new Registry()] }),
      log: createLog({ level: 'silent', format: 'json', component: 'mta' }).child('delivery'),
      now: this.now,
      random: () => 0.5,
      maxRunning: this.maxRunning,
    })
    this.#running.push({ engine, pool })
    return engine
  }

  /** Puts a message for these recipients into the queue. Returns its journey's id. */
  async send(to: readonly string[], given: OutgoingOverrides = {}, text = MAIL): Promise<string> {
    const item = makeOutgoing(this.scope.tenantId, to, { at: new Date(this.now()), ...given })
    for (const object of item.objects) {
      const { size } = await this.blobs.put(object.blobKey, Readable.from([Buffer.from(text)]))
      object.size = size
    }
    await this.database.db.transaction((tx) => acceptMessages(tx, [item], this.database.changes))
    return item.journey.id
  }

  rows() {
    return listDeliveries(this.database.db, this.scope, {}, { limit: 1000 })
  }

  /** The state of each recipient, as in `a delivered`. */
  async states(): Promise<string[]> {
    const rows = await this.rows()
    return rows.map(({ address, state }) => `${address.split('@')[0] ?? ''} ${state}`).sort()
  }

  /** Waits until the recipients are in these states. */
  async until(...states: string[]): Promise<void> {
    await expect.poll(() => this.states(), { timeout: 20_000 }).toEqual(states.toSorted())
  }

  async stop(withinMs = 0): Promise<void> {
    await Promise.all(
      this.#running.splice(0).flatMap(({ engine, pool }) => [engine.stop(withinMs), pool.close(withinMs)]),
    )
  }

  /** Stops everything and empties the queue: the next test has the same database. */
  async close(): Promise<void> {
    await this.stop()
    const { db } = this.database
    const { outgoing, deliverySites, deliveryPauses, suppressions, returnedMail } = db.tables
    for (const table of [outgoing, deliverySites, deliveryPauses, suppressions, returnedMail]) await db.delete(table)
  }
}
