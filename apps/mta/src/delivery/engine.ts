import { setTimeout as sleep } from 'node:timers/promises'
import type { Config } from '@mairust/config'
import type { Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import { waitingDomains } from '@mairust/db/queries/delivery-claim'
import { releaseLapsed } from '@mairust/db/queries/delivery-lease'
import { listPauses } from '@mairust/db/queries/delivery-pause'
import type { Log } from '@mairust/log'
import type { Random, SiteSettings } from '@mairust/mail-core/outbound'
import type { Counter } from 'prom-client'
import type { MakeAttempt } from './attempt.ts'
import { makeDeparture } from './departures.ts'
import { createCrowdingNotice } from './crowding-notice.ts'
import { HeldClaims, LEASE_MS } from './held.ts'
import { Lane } from './lane.ts'
import type { LaneEnd, LaneTools, Paused } from './lane-tools.ts'
import { pausedBy } from './paused.ts'
import { createSchedule } from './schedule.ts'
import { routesFor } from './route.ts'
import { Settler, type SettlerOptions } from './settler.ts'
import { Sites } from './sites.ts'
import { Slots } from './slots.ts'

export interface EngineOptions {
  readonly database: Pick<Database, 'db' | 'changes'>
  readonly blobs: Pick<BlobStore, 'read' | 'get'>
  readonly config: () => Pick<Config, 'queue' | 'outbound'>
  readonly makeAttempt: MakeAttempt
  readonly wayTo: LaneTools['wayTo']
  readonly stsOf: LaneTools['stsOf']
  readonly onSettled: SettlerOptions['onSettled']
  readonly attempts: Counter<'result'>
  readonly log: Log
  readonly now: () => number
  readonly random: Random
  /** Attempts that wait for their remotes, at most; 1000 by default. */
  readonly maxRunning?: number
}

/** What sends mail, while it runs. */
export interface Engine {
  /** @throws when the queue cannot be read */
  check(): void
  /** Starts nothing new, lets attempts end for up to so many milliseconds, and writes down what came of them. */
  stop(withinMs: number): Promise<void>
}

/** How often to look for what is due and was not announced, at least. */
const SWEEP_MS = 5000
/** A wait that is over before it is worth a look. */
const BRIEF_MS = 1500
const MAX_LANES = 2000
/** Between two lines about trouble. */
const TELL_MS = 5000
/** Deliveries that all lanes together claim ahead. */
const MAX_CLAIMED = 2000
const MAX_RUNNING = 1000
const LEND_AFTER_MS = 1000
const START_CONCURRENCY = 2

/** Sends the mail of the queue: a lane for each domain that has something due, for as long as it has. */
export function startEngine(options: EngineOptions): Engine {
  const { database, config, log, now, random, wayTo, stsOf } = options
  const { db, changes } = database
  let ending = false
  /** Nothing is sent before it is known what must not be. */
  let paused: Paused = 'all'
  let knowsPauses = false
  /** When the database last gave trouble. */
  let troubleAt: number | null = null
  const lanes = new Map<string, Promise<void>>()
  /** Until when lanes are left alone: their site wants it, or they had nothing to do. */
  const parked = new Map<string, NonNullable<LaneEnd>>()
  const idle = new Map<string, number>()
  /** How often something new was announced. */
  let arrivals = 0
  const departures = new Set<Promise<void>>()

  const settings = (): SiteSettings => {
    const concurrency = config().queue.concurrency_per_destination
    return { start: Math.min(START_CONCURRENCY, concurrency), max: { concurrency, perMinute: null } }
  }
  const sites = new Sites({
    db,
    log,
    settings,
    sources: () => [''],
    now,
    onChange: (changed) => {
      for (const [key, { site }] of parked) if (site === changed) parked.delete(key)
      schedule.soon(0)
    },
  })
  const slots = new Slots({
    size: () => config().queue.concurrency,
    most: options.maxRunning ?? MAX_RUNNING,
    lendAfterMs: LEND_AFTER_MS,
  })
  const onTrouble = (error: unknown): void => {
    // One line tells of a database that is down, not one for each lane.
    const isTold = troubleAt !== null && Math.abs(now() - troubleAt) < TELL_MS
    troubleAt = now()
    if (isTold) return
    log.error({ err: error }, 'The queue could not be worked on; trying again')
  }
  /** What is paused, and mail of those who have more than their share of the places. */
  const notNow = (): Paused => {
    if (paused === 'all') return 'all'
    const { userIds, tenantIds } = slots.crowding
    return { ...paused, mail: { ...paused.mail, userIds, tenantIds: [...paused.mail.tenantIds, ...tenantIds] } }
  }
  const tellOfCrowding = createCrowdingNotice(log, now)
  const held = new HeldClaims(db, { now, onTrouble })
  const settler = new Settler({ db, now, onSettled: options.onSettled, log })
  const terms = () => ({ now: new Date(now()), retryMinutes: config().queue.retry_minutes, random })
  const tools: LaneTools = {
    db,
    sites,
    slots,
    held,
    settler,
    wayTo,
    stsOf,
    terms,
    firstRoute: (domain) => routesFor(domain, config().outbound.routes)[0],
    paused: notNow,
    claimLimit: () => Math.max(1, Math.min(100, Math.floor(MAX_CLAIMED / Math.max(lanes.size, 1)))),
    isEnding: () => ending,
    depart: (departure) => {
      const departed = makeDeparture(departure, { ...options, db, held, settler, terms }).finally(() => {
        departures.delete(departed)
      })
      departures.add(departed)
    },
  }

  function runLanes(domain: string): void {
    routesFor(domain, config().outbound.routes).forEach((route, index) => {
      const key = `${domain} ${index}`
      const isLeftAlone = Math.max(parked.get(key)?.until ?? 0, idle.get(key) ?? 0) > now()
      if (lanes.has(key) || isLeftAlone || lanes.size >= MAX_LANES) return
      const lane = new Lane(domain, route, tools)
      const arrival = arrivals
      const run = lane
        .run()
        .then((end) => {
          if (end !== null) park(key, end)
          else if (!lane.hasWorked && arrival === arrivals) idle.set(key, now() + SWEEP_MS)
        }, onTrouble)
        .finally(() => {
          lanes.delete(key)
          // For what came since the lane last looked.
          schedule.soon(0)
        })
      lanes.set(key, run)
    })
  }

  /** Leaves a lane alone for as long as its site really wants it: what it saw may be over by now. */
  function park(key: string, { until, site }: NonNullable<LaneEnd>): void {
    const isPaused = paused !== 'all' && paused.sites.has(site)
    const isBrief = until - now() <= BRIEF_MS
    const wanted = isPaused ? Infinity : isBrief ? until : sites.closedUntil(site)
    if (wanted !== null) parked.set(key, { until: wanted, site })
  }

  async function sweep(): Promise<number> {
    if (!knowsPauses) await readPauses()
    // What a remote has taken is written down first: nobody may claim it again.
    const stopped = notNow()
    if (stopped === 'all' || settler.isFailing) return SWEEP_MS
    tellOfCrowding(slots.crowding)
    await held.renew()
    const at = now()
    if (troubleAt === null || at - troubleAt > LEASE_MS) await releaseLapsed(db, new Date(at), MAX_LANES)
    for (const [key, { until }] of parked) if (until <= at) parked.delete(key)
    for (const [key, until] of idle) if (until <= at) idle.delete(key)
    const due = await waitingDomains(db, {
      until: new Date(at + SWEEP_MS),
      // Those that are left alone must not hide the others.
      limit: 2 * MAX_LANES + parked.size + idle.size,
      paused: stopped.mail,
    })
    for (const { domain, at: first } of due) if (first.getTime() <= at) runLanes(domain)
    const next = due.find((one) => one.at.getTime() > at)
    return next === undefined ? SWEEP_MS : next.at.getTime() - at
  }

  async function readPauses(): Promise<void> {
    // What changes while they are read is read again.
    knowsPauses = true
    try {
      paused = pausedBy(await listPauses(db))
      await sites.reload()
    } catch (error) {
      knowsPauses = false
      throw error
    }
    parked.clear()
    idle.clear()
  }

  const schedule = createSchedule(sweep, { onTrouble, idleMs: SWEEP_MS })
  const stops = [
    changes.subscribe('queue:*', () => {
      arrivals += 1
      idle.clear()
      schedule.soon(0)
    }),
    changes.subscribe('sending:*', () => {
      knowsPauses = false
      schedule.soon(0)
    }),
  ]
  schedule.soon(0)

  return {
    check: () => schedule.check(),
    stop: async (withinMs) => {
      ending = true
      const end = setTimeout(() => settler.giveUp(), withinMs)
      for (const stop of stops) stop()
      slots.close()
      await schedule.stop()
      await sites.close()
      // One that waits for DNS has nothing in hand.
      await Promise.race([Promise.all(lanes.values()), sleep(withinMs, undefined, { ref: false })])
      await Promise.all(departures)
      await settler.idle()
      clearTimeout(end)
      await held.stop()
    },
  }
}
