import { domainOf } from '@mairust/mail-core/address'
import { formatReply } from '@mairust/mail-core/smtp'
import { suppressedReply } from '@mairust/mail-core/suppression'
import { insertRows } from '../dialect/bulk.ts'
import type { Db } from '../client/db.ts'
import type { AcceptDelivery, AcceptItem, AcceptOutgoing, JourneyInput } from './accept-types.ts'
import { appendJourneyEvents, type JourneyEventInput } from './journey-event.ts'
import { askSuppressions, type SuppressionAnswer } from './suppression.ts'

/** Characters of the subject that are kept. */
const MAX_SUBJECT = 200

/** A recipient elsewhere, and what the suppression list says of it. */
interface Listed {
  readonly journey: JourneyInput
  readonly outgoing: AcceptOutgoing
  readonly delivery: AcceptDelivery
  readonly answer: SuppressionAnswer
}

/**
 * Writes what accepted messages send to other servers: a row for each set of bytes, and one for each recipient. Who is suppressed has an
 * end at once, which is told like any other. Returns the tenants that send something.
 */
export async function acceptOutgoing(tx: Db, items: readonly AcceptItem[]): Promise<string[]> {
  const sent = items.flatMap(({ journey, objects }) =>
    objects.flatMap((object) => (object.outgoing ?? []).map((outgoing) => ({ journey, object, outgoing }))),
  )
  if (sent.length === 0) return []
  await insertRows(
    tx,
    tx.tables.outgoing,
    sent.map(({ journey, object: { blobKey, size, index }, outgoing }) => ({
      ...outgoing,
      journeyId: journey.id,
      blobKey,
      size,
      messageIdHeader: index.messageId,
      stream: outgoing.stream ?? '',
      subject: index.subject.slice(0, MAX_SUBJECT).toWellFormed(),
      createdAt: journey.startedAt,
    })),
  )
  const listed = await ask(tx, sent)
  await insertRows(tx, tx.tables.deliveries, listed.map(toRow))
  await appendJourneyEvents(tx, listed.flatMap(toEvents))
  return [...new Set(sent.map(({ outgoing }) => outgoing.tenantId))]
}

async function ask(tx: Db, sent: readonly Pick<Listed, 'journey' | 'outgoing'>[]): Promise<Listed[]> {
  const all = sent.flatMap(({ journey, outgoing }) =>
    outgoing.deliveries.map((delivery) => ({ journey, outgoing, delivery })),
  )
  const asked = all.filter(({ delivery: { isDelivered = false, isExempt = false } }) => !isDelivered && !isExempt)
  const questions = asked.map(({ outgoing: { tenantId, sender, stream = '' }, delivery: { address } }) => ({
    tenantId,
    address,
    domain: domainOf(sender),
    stream,
  }))
  const [first] = asked
  const answers = first === undefined ? [] : await askSuppressions(tx, questions, first.journey.startedAt)
  const byDelivery = new Map(asked.map(({ delivery }, at) => [delivery, answers[at] ?? null]))
  return all.map((one) => ({ ...one, answer: byDelivery.get(one.delivery) ?? null }))
}

const replyTo = ({ row }: NonNullable<SuppressionAnswer>): string =>
  formatReply(suppressedReply(row.reason, row.createdAt))

function toRow({ journey: { startedAt }, outgoing, delivery: given, answer }: Listed) {
  const { isDelivered = false, ...delivery } = given
  const stopped = answer?.kind === 'suppressed' ? answer : null
  const state = isDelivered ? 'delivered' : stopped === null ? 'queued' : 'suppressed'
  return {
    ...delivery,
    tenantId: outgoing.tenantId,
    outgoingId: outgoing.id,
    state,
    attempts: 0,
    failures: 0,
    rescues: 0,
    lastReply: stopped === null ? '' : replyTo(stopped),
    reason: stopped?.row.reason ?? '',
    returnedBy: '',
    leasedUntil: null,
    fence: 0,
    endedAt: state === 'queued' ? null : startedAt,
    noticedAt: null,
    reportedAt: null,
    createdAt: startedAt,
  } as const
}

function toEvents({ journey, outgoing, delivery: { address }, answer }: Listed): JourneyEventInput[] {
  if (answer === null) return []
  const about = {
    tenantId: outgoing.tenantId,
    journeyId: journey.id,
    at: journey.startedAt,
    kind: 'queue' as const,
    name: 'suppression',
    recipient: address,
  }
  const { row } = answer
  if (answer.kind === 'passes') {
    return [{ ...about, result: 'info', detail: `suppressed (${row.reason}), let through once by ${row.passBy}` }]
  }
  const becomes = { status: 'suppressed' as const, reply: replyTo(answer), reason: row.reason }
  return [{ ...about, result: 'skipped', detail: replyTo(answer), becomes }]
}
