import type { Config } from '@mairust/config'
import { createId, type Database } from '@mairust/db'
import type { BlobStore } from '@mairust/db/blob'
import { acceptMessages } from '@mairust/db/queries/accept'
import { endedUnreported, lateUnnoticed, markReported, type Reportable } from '@mairust/db/queries/delivery-report'
import { databaseDirectory } from '@mairust/db/queries/directory'
import { appendJourneyEvents } from '@mairust/db/queries/journey-event'
import { defineJob, every, handle, type Handler, type Timer } from '@mairust/db/queue'
import { internalJourney, type Preparer } from '@mairust/intake'
import type { Log } from '@mairust/log'
import { formatAddress } from '@mairust/mail-core/address'
import type { Dsn } from '@mairust/mail-core/dsn'
import { openDirectory, resolveRecipient } from '@mairust/mail-core/inbound'
import { z } from 'zod'
import { type ReportKind, reportOf } from './report-of.ts'

export interface ReportOptions {
  readonly config: () => Pick<Config, 'server' | 'queue'>
  readonly database: Database
  readonly blobs: Pick<BlobStore, 'get'>
  readonly preparer: Pick<Preparer, 'prepare'>
  readonly log: Log
  readonly now?: (() => Date) | undefined
}

/** Tells senders what became of their mail. Added with each end that its sender wants to know. */
export const report = defineJob({ name: 'report', payload: z.strictObject({}), serial: true })

/** So long after its end: what ends together is told together (O44). */
export const GATHER_MS = 5000
/** Bytes beyond the quota for what must not be hidden: that mail did not arrive. Whoever makes reports come must not fill the disk. */
export const BEYOND_QUOTA = 16 * 1024 * 1024
const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Recipients in a portion. */
const BATCH = 500

/** The job that writes delivery status notifications (O43, O46), and when. */
export function reporting(options: ReportOptions): { handlers: Handler[]; timers: Timer[] } {
  const { config, database, log, now = () => new Date() } = options
  const { db } = database

  async function all(kind: ReportKind, find: () => Promise<Reportable[]>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const found = await find()
      if (found.length === 0) return
      const failed: unknown[] = []
      for (const one of found) {
        await tell(kind, one).catch((error: unknown) => {
          failed.push(error)
          log.error({ err: error, journey_id: one.outgoing.journeyId }, 'A sender could not be told; trying again')
        })
      }
      // What can be told has been; the rest is tried when the job is.
      if (failed.length > 0) throw new AggregateError(failed, 'some senders could not be told')
    }
  }

  async function tell(kind: ReportKind, about: Reportable): Promise<void> {
    const at = now()
    const made = await reportOf(about, kind, {
      blobs: options.blobs,
      hostname: config().server.hostname,
      now: at,
      noticeHours: config().queue.delay_notice_hours,
    })
    const stored = made === null ? null : await store(made, about.outgoing.journeyId)
    await db.transaction(async (tx) => {
      const { failures } =
        stored?.item === undefined ? { failures: [] } : await acceptMessages(tx, [stored.item], database.changes)
      await markReported(tx, about, kind === 'ended' ? 'reportedAt' : 'noticedAt', at)
      if (stored === null) return
      await appendJourneyEvents(
        tx,
        about.recipients.map(({ delivery }) => ({
          tenantId: delivery.tenantId,
          journeyId: about.outgoing.journeyId,
          at,
          kind: 'bounce' as const,
          name: about.outgoing.sender,
          result: stored.item === undefined || failures.length > 0 ? ('failed' as const) : ('ok' as const),
          detail: failures.reduce((_, { reason }) => `the sender cannot be told: ${reason}`, stored.detail),
          recipient: delivery.address,
        })),
      )
    })
  }

  /** What puts a notification into the sender's mailboxes, or why it cannot be. */
  async function store(dsn: Dsn, about: string) {
    const to = formatAddress(dsn.to)
    const decision = await resolveRecipient({ path: dsn.to, size: null }, openDirectory(databaseDirectory(db)))
    if (decision.kind === 'refuse') return { detail: `the sender cannot be told: ${decision.reason}` }
    const at = now()
    const [prepared] = await options.preparer.prepare([Buffer.concat([Buffer.from('Return-Path: <>\r\n'), dsn.raw])])
    if (prepared === null || prepared === undefined) return { detail: 'the report could not be read' }
    const { tenantId } = decision
    const journey = internalJourney({
      tenantId,
      address: to,
      sender: '',
      startedAt: at,
      name: 'report',
      detail: `about ${about}`,
      reply: '250 2.0.0 Reported',
    })
    const copies = decision.deliveries.map(({ mailbox }) => ({
      tenantId,
      mailboxId: mailbox.id,
      messageId: createId('msg'),
      receivedAt: at,
    }))
    return { detail: `told ${to}`, item: { journey, objects: [{ ...prepared, copies }], beyondQuota: BEYOND_QUOTA } }
  }

  const lateBefore = (): Date => new Date(now().getTime() - config().queue.delay_notice_hours * HOUR)
  const ended = (limit: number) => endedUnreported(db, now(), limit)
  const late = (limit: number) => lateUnnoticed(db, lateBefore(), limit)
  const work = async (signal: AbortSignal): Promise<void> => {
    await all('ended', () => ended(BATCH), signal)
    await all('late', () => late(BATCH), signal)
  }
  // An idle server writes nothing.
  const isNeeded = async (): Promise<boolean> => (await ended(1)).length > 0 || (await late(1)).length > 0

  return {
    handlers: [handle(report, (_, { signal }) => work(signal))],
    // Also for what ended by hand, and for what is late.
    timers: [every({ name: 'report', everyMs: MINUTE, firstMs: 5000, isNeeded }, report, {})],
  }
}
