import { tenantScope } from '@mairust/db/queries/scope'
import type { Db } from '@mairust/db'
import {
  type JourneyRecipientRow,
  type JourneyRow,
  type JourneyScope,
  type JourneyViewer,
  recipientsOfJourneys,
} from '@mairust/db/queries/journey'
import { eventsOfJourneys, type JourneyEventRow } from '@mairust/db/queries/journey-event'
import { endingFor, foldStatuses, type JourneyStep, readStep } from '@mairust/mail-core/journey'
import { wireTime } from '../../wire/index.ts'
import type { JourneyWire } from './schemas.ts'

/** The part of a journey that the actor may see. */
export interface VisibleJourney {
  wire: JourneyWire
  recipients: JourneyRecipientRow[]
}

/**
 * The one place where journeys' rows become their wire form. It reads recipients and events for all journeys at once. An actor who did
 * not submit the mail sees only their own recipients, and the steps that name these or no recipient.
 */
export const toJourneyWires = async (
  db: Db,
  scope: Pick<JourneyScope, 'only' | 'hidden'>,
  rows: readonly JourneyRow[],
): Promise<VisibleJourney[]> => {
  const tenants = [...new Set(rows.map(({ tenantId }) => tenantId))]
  const parts = await Promise.all(
    tenants.map((tenantId) => {
      const ids = rows.filter((row) => row.tenantId === tenantId).map(({ id }) => id)
      return Promise.all([
        recipientsOfJourneys(db, tenantScope(tenantId), ids),
        eventsOfJourneys(db, tenantScope(tenantId), ids),
      ])
    }),
  )
  const [recipients, events] = [parts.flatMap(([some]) => some), parts.flatMap(([, some]) => some)]
  return rows.map((row) => {
    const isOf = (part: { tenantId: string; journeyId: string }): boolean =>
      part.tenantId === row.tenantId && part.journeyId === row.id
    return toVisible(row, recipients.filter(isOf), events.filter(isOf), scope)
  })
}

const toVisible = (
  row: JourneyRow,
  all: readonly JourneyRecipientRow[],
  events: readonly JourneyEventRow[],
  { only, hidden }: Pick<JourneyScope, 'only' | 'hidden'>,
): VisibleJourney => {
  const seesAll = only === 'all' || isSender(row, only)
  const sees = (address: string): boolean =>
    (seesAll || only.addresses.includes(address)) && hidden?.addresses.includes(address) !== true
  const recipients = all.filter(({ address }) => sees(address))
  const steps = [...row.steps.map(readStep), ...events.map((event) => toStep(row, event))]
  // Must not reveal results for others. Without a visible recipient, mail came through an alias or catch-all: it was accepted.
  const own = foldStatuses(
    recipients.map(({ status }) => status),
    'accepted',
  )
  return {
    recipients,
    wire: {
      id: row.id,
      direction: row.direction,
      status: seesAll ? row.status : own,
      from: row.sender,
      to: row.recipients.filter(sees),
      started_at: wireTime(row.startedAt),
      remote_address: row.remoteAddress,
      helo: row.helo,
      reply: row.reply,
      reason: [row.reason, ...recipients.map(({ reason }) => reason)].find((reason) => reason !== '') ?? null,
      // The login of who sent it is theirs to know: an alias may stand for several people.
      steps: steps
        .filter(({ recipient, kind }) => (recipient === null ? seesAll || kind !== 'auth' : sees(recipient)))
        .map((step) => (seesAll ? step : endingFor(step, own))),
    },
  }
}

/** Only a submission with a login proves the sender: MAIL FROM can hold any address. */
const isSender = ({ userId, sender }: JourneyRow, { sent }: JourneyViewer): boolean =>
  userId !== null &&
  (sent.userId === undefined || sent.userId === userId) &&
  (sent.from === undefined || sent.from.includes(sender))

const toStep = ({ startedAt }: JourneyRow, event: JourneyEventRow): JourneyStep => ({
  at: wireTime(event.at),
  ms: Math.max(0, event.at.getTime() - startedAt.getTime()),
  kind: event.kind,
  name: event.name,
  result: event.result,
  detail: event.detail,
  recipient: event.recipient,
})
