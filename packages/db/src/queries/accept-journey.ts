import type { JourneyStep } from '@mairust/mail-core/journey'
import { insertRows } from '../dialect/bulk.ts'
import type { Db } from '../client/db.ts'
import type { JourneyInput, RecipientFate } from './accept-types.ts'

/** Stores what happened to SMTP transactions or submissions, accepted or refused: a row for each tenant concerned. */
export async function recordJourneys(tx: Db, journeys: readonly JourneyInput[]): Promise<void> {
  const { journeys: table, journeyRecipients } = tx.tables
  const shares = journeys.flatMap(sharesOf)
  await insertRows(
    tx,
    table,
    shares.map(({ tenantId, journey, fates, status }) => ({
      tenantId,
      id: journey.id,
      direction: journey.direction,
      status,
      sender: journey.sender,
      recipients: fates.map(({ address }) => address),
      remoteAddress: journey.remoteAddress,
      helo: journey.helo,
      reply: journey.reply,
      steps: stepsOf(journey, fates),
      startedAt: journey.startedAt,
    })),
  )
  await insertRows(
    tx,
    journeyRecipients,
    shares.flatMap(({ tenantId, journey, fates }) =>
      fates.map(({ address, status, reply }) => ({ tenantId, journeyId: journey.id, address, status, reply })),
    ),
  )
}

interface Share {
  tenantId: string
  journey: JourneyInput
  fates: RecipientFate[]
  status: JourneyInput['status']
}

/** What each tenant sees of a transaction. An address given twice counts once, with its last fate. */
function sharesOf(journey: JourneyInput): Share[] {
  const tenants = new Map<string, Map<string, RecipientFate>>()
  for (const fate of journey.recipients) {
    const fates = tenants.get(fate.tenantId) ?? new Map<string, RecipientFate>()
    tenants.set(fate.tenantId, fates.set(fate.address, fate))
  }
  if (tenants.size === 0) tenants.set(journey.tenantId, new Map())
  return [...tenants].map(([tenantId, byAddress]) => {
    const fates = [...byAddress.values()]
    const statuses = new Set(fates.map(({ status }) => status))
    const [only] = statuses
    const own = statuses.size === 1 && only !== undefined ? only : journey.status
    return { tenantId, journey, fates, status: tenants.size === 1 ? journey.status : own }
  })
}

function stepsOf(journey: JourneyInput, fates: RecipientFate[]): JourneyStep[] {
  const own = fates.flatMap(({ steps }) => steps ?? [])
  if (own.length === 0) return journey.steps
  return [...journey.steps, ...own].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
}
