import { mergeBehind } from '@mairust/mail-core/journey'
import { eq } from 'drizzle-orm'
import { type JourneyInput, recordJourneys, type RecipientResult } from '../queries/accept.ts'
import { makeItem, type TestDatabase } from './index.ts'
import { receiving } from './receiving.ts'

/** A step of a journey. */
export const step = (name: string, recipient: string | null = null) =>
  ({ at: '2026-01-01T00:00:02Z', ms: 1, kind: 'rcpt', name, result: 'ok', detail: '', recipient }) as const

/** What became of a recipient. */
export const result = (tenantId: string | null, address: string, status: RecipientResult['status'] = 'accepted') => ({
  tenantId,
  address,
  status,
  reply: 'r',
})

/** Records journeys on a database, and reads the parts that tenants have of them. */
export function journeyParts(get: () => TestDatabase) {
  const { newMailbox } = receiving(get)

  /** Records a journey and returns each tenant's part of it. */
  const record = async (values: Partial<JourneyInput>) => {
    const { journey } = makeItem(await newMailbox())
    await get().db.transaction((tx) => recordJourneys(tx, [{ ...journey, ...values }]))
    const { journeys, journeyRecipients } = get().db.tables
    const stored = await get().db.select().from(journeys).where(eq(journeys.id, journey.id))
    const rows = stored.map((row) => ({ ...row, steps: mergeBehind(row.steps, row.stepsBehind ?? []) }))
    const parts = await get().db.select().from(journeyRecipients).where(eq(journeyRecipients.journeyId, journey.id))
    return {
      rows,
      stored,
      recipients: parts.length,
      of: (tenantId: string) => rows.find((row) => row.tenantId === tenantId),
      reasons: (tenantId: string) =>
        parts
          .filter((part) => part.tenantId === tenantId)
          .map(({ reason }) => reason)
          .sort(),
    }
  }

  return { newMailbox, record }
}
