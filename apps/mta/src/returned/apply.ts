import type { Db } from '@mairust/db'
import { returnDeliveries } from '@mairust/db/queries/delivery-return'
import { appendJourneyEvents } from '@mairust/db/queries/journey-event'
import { type CauseTerms, suppress, suppressFailed } from '@mairust/db/queries/suppression-cause'
import { enqueue } from '@mairust/db/queue'
import { domainOf } from '@mairust/mail-core/address'
import { matchReturned, type ReturnedMail } from '@mairust/mail-core/bounce/inbound'
import { escapeRemote, formatReply } from '@mairust/mail-core/smtp'
import { GATHER_MS, report } from '../jobs/reports.ts'
import type { TiedMail } from './tied.ts'

const MAX_WORDS = 500
/** Stands for the server in a bounce that names none. */
const UNNAMED_SERVER = 'returned mail'

/**
 * Writes down what proved returned mail says of our recipients, in the given transaction. False: nothing that it would change, so that
 * somebody has to read it.
 */
export async function applyReturned(tx: Db, mail: ReturnedMail, tied: TiedMail, terms: CauseTerms): Promise<boolean> {
  if (!tied.isProved) return false
  if (mail.kind === 'bounce') return applyBounce(tx, mail, tied, terms)
  return mail.kind === 'complaint' && applyComplaint(tx, mail, tied, terms)
}

/** Ends the deliveries that failed, has their sender told, and suppresses who is not there (O47, O50). */
async function applyBounce(
  tx: Db,
  { recipients }: ReturnedMail,
  { sent: { outgoing }, recipients: ours }: TiedMail,
  terms: CauseTerms,
): Promise<boolean> {
  const failed = recipients.filter(({ action }) => action === 'failed')
  const matches = matchReturned(failed, ours)
  if (matches.length === 0) return false
  const ended = await returnDeliveries(
    tx,
    matches.map(({ sent: delivery, said }) => ({
      delivery,
      journeyId: outgoing.journeyId,
      reason: said.class ?? 'unknown',
      reply: escapeRemote(formatReply(said.reply), MAX_WORDS),
      host: escapeRemote(said.host ?? UNNAMED_SERVER, 255),
    })),
    terms.now,
  )
  // An address that it was forwarded to says nothing about the one that we sent to.
  const own = new Set(matches.filter(({ isItself }) => isItself).map(({ sent }) => sent.id))
  // Whoever got a message for several knows its return path, and could name any of the others.
  const names = ours.length === 1
  await suppressFailed(
    tx,
    ended.filter(({ id }) => names && own.has(id)),
    terms,
  )
  if (ended.length > 0)
    await enqueue(tx, report, {}, { key: 'report', runAt: new Date(terms.now.getTime() + GATHER_MS) })
  return true
}

/** Suppresses who complained, for mail of that stream or from that domain, and tells the journey (O49). */
async function applyComplaint(
  tx: Db,
  { feedback }: ReturnedMail,
  { sent: { outgoing }, recipients: ours }: TiedMail,
  terms: CauseTerms,
): Promise<boolean> {
  const named = new Set(feedback?.recipients ?? [])
  const who = ours.length === 1 ? ours : ours.filter(({ address }) => named.has(address))
  if (who.length === 0) return false
  const { stream, sender, tenantId, journeyId } = outgoing
  const about =
    stream === ''
      ? ({ scope: 'domain', value: domainOf(sender) } as const)
      : ({ scope: 'stream', value: stream } as const)
  const detail = escapeRemote(
    `${feedback?.type ?? 'abuse'}, reported by ${feedback?.userAgent ?? 'the provider'}`,
    MAX_WORDS,
  )
  await appendJourneyEvents(
    tx,
    who.map(({ address }) => ({
      tenantId,
      journeyId,
      at: terms.now,
      kind: 'bounce' as const,
      name: 'complaint',
      result: 'info' as const,
      detail,
      recipient: address,
    })),
  )
  await suppress(
    tx,
    who.map(({ id, address }) => ({
      ...about,
      tenantId,
      address,
      reason: 'complaint',
      detail,
      journeyId,
      deliveryId: id,
      expiresAt: null,
    })),
    terms,
  )
  return true
}
