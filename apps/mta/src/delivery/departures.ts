import type { Db } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import type { ClaimedDelivery } from '@mairust/db/queries/delivery-claim'
import { returnClaims } from '@mairust/db/queries/delivery-lease'
import type { Log } from '@mairust/log'
import { failures, isClearRemembered } from '@mairust/mail-core/outbound'
import type { Counter } from 'prom-client'
import type { MakeAttempt } from './attempt.ts'
import type { AttemptReport, RecipientEnd } from './attempt-report.ts'
import { type Batch, messageOf } from './claims.ts'
import type { HeldClaims } from './held.ts'
import type { Departure } from './lane-tools.ts'
import { failedOutcome, outcomeOf, type RetryTerms } from './outcomes.ts'
import type { Settler } from './settler.ts'

export interface DepartureTools {
  readonly db: Db
  readonly makeAttempt: MakeAttempt
  readonly blobs: Pick<BlobStore, 'read' | 'get'>
  readonly held: HeldClaims
  readonly settler: Settler
  readonly terms: () => RetryTerms
  readonly attempts: Counter<'result'>
  readonly log: Log
}

/** Sends a message in its transactions, and writes down what came of it, for each recipient once. Never rejects. */
export async function makeDeparture(departure: Departure, tools: DepartureTools): Promise<void> {
  const reports: (AttemptReport | null)[] = []
  const writes: Promise<void>[] = []
  for (const batch of departure.batches) {
    // The process ends, or the site has just asked to be left alone: the rest is tried when it may.
    const goesOn = reports.every((report) => report !== null && !report.exhausted)
    if (!goesOn) writes.push(giveBack(batch.items, tools))
    else {
      const { report, written } = await attempt(batch, departure, tools)
      reports.push(report)
      writes.push(written)
    }
  }
  departure.start.end(together(reports))
  await Promise.all(writes)
  for (const { items } of departure.batches) tools.held.drop(items)
}

/** Makes one attempt. `report`: null when nothing was tried. */
async function attempt(batch: Batch, { destination, route, start }: Departure, tools: DepartureTools) {
  const { makeAttempt, blobs, settler, terms, attempts, log } = tools
  const left = new Map(batch.items.map((item) => [item.delivery.id, item]))
  const writes: Promise<unknown>[] = []
  const write = (ends: readonly RecipientEnd[]): void => {
    const outcomes = ends.flatMap(({ id, result, by }) => {
      const item = left.get(id)
      left.delete(id)
      return item === undefined ? [] : [outcomeOf(item, result, by, terms())]
    })
    for (const { result } of outcomes) attempts.inc({ result })
    writes.push(settler.settle(outcomes))
  }
  let report: AttemptReport | null = null
  try {
    report = await makeAttempt({
      destination,
      message: messageOf(batch, blobs),
      tls: {
        sts: batch.sts,
        route: route.host?.tls ?? 'opportunistic',
        routeVerifies: false,
        clearRemembered: isClearRemembered(start.tls, terms().now),
        allowOldVersions: false,
      },
      login: route.host?.login ?? null,
      sources: sourcesOf(start.source),
      limit: start.limit,
      onDelivered: write,
    })
    if (report === null) writes.push(giveBack([...left.values()], tools))
    else write(report.recipients)
  } catch (error) {
    log.error({ err: error, journey_id: batch.items[0].outgoing.journeyId }, 'An attempt to deliver failed')
    writes.push(settler.settle([...left.values()].map((item) => failedOutcome(item, failures.unreadable, terms()))))
  }
  return { report, written: Promise.all(writes).then(() => undefined) }
}

/** Should that fail, their leases end by themselves. */
const giveBack = (claimed: readonly ClaimedDelivery[], { db }: DepartureTools): Promise<void> =>
  returnClaims(db, claimed).catch(() => undefined)

/** What several attempts on one connection tell of the site. */
function together(reports: readonly (AttemptReport | null)[]): AttemptReport | null {
  const made = reports.filter((report) => report !== null)
  if (made.length === 0) return null
  return {
    recipients: made.flatMap(({ recipients }) => recipients),
    tries: made.flatMap(({ tries }) => tries),
    exhausted: made.every(({ exhausted }) => exhausted),
  }
}

const sourcesOf = (source: string) => ({
  v4: source === '' || source.includes(':') ? null : source,
  v6: source.includes(':') ? source : null,
})
