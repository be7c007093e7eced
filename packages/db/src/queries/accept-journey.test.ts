import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { SYSTEM_TENANT } from '../schema/tenant.ts'
import { makeItem, withDatabases } from '../testing/index.ts'
import { receiving } from '../testing/receiving.ts'
import { recordJourneys } from './accept.ts'

withDatabases((get) => {
  const { newMailbox } = receiving(get)

  describe('journeys', () => {
    it('give each tenant its own recipients and steps only', async () => {
      const [a, b] = [await newMailbox(), await newMailbox()]
      const { journey } = makeItem(a)
      const step = (name: string, at: string) => ({ at, ms: 1, kind: 'rcpt', name, result: 'ok', detail: '' }) as const
      const fate = (box: { tenantId: string }, address: string, status: 'accepted' | 'refused') => ({
        tenantId: box.tenantId,
        address,
        status,
        reply: 'r',
        steps: [step(address, '2026-01-01T00:00:02Z')],
      })
      const steps = [step('mail', '2026-01-01T00:00:01Z'), step('data', '2026-01-01T00:00:03Z')]
      const recipients = [fate(a, 'a@x', 'accepted'), fate(b, 'b@x', 'refused'), fate(a, 'a@x', 'accepted')]
      await get().db.transaction((tx) => recordJourneys(tx, [{ ...journey, status: 'partial', steps, recipients }]))
      const { journeys, journeyRecipients } = get().db.tables
      const rows = await get().db.select().from(journeys).where(eq(journeys.id, journey.id))
      const ofA = rows.find(({ tenantId }) => tenantId === a.tenantId)
      expect(ofA).toMatchObject({ status: 'accepted', recipients: ['a@x'] })
      expect(ofA?.steps.map(({ name }) => name)).toEqual(['mail', 'a@x', 'data'])
      expect(rows.find(({ tenantId }) => tenantId === b.tenantId)).toMatchObject({ status: 'refused' })
      expect(rows).toHaveLength(2)
      expect(await get().db.$count(journeyRecipients, eq(journeyRecipients.journeyId, journey.id))).toBe(2)
    })

    it('are kept for transactions without any recipient', async () => {
      const { journey } = makeItem(await newMailbox())
      await get().db.transaction((tx) => recordJourneys(tx, [{ ...journey, status: 'aborted', recipients: [] }]))
      const { journeys } = get().db.tables
      const rows = await get().db.select().from(journeys).where(eq(journeys.id, journey.id))
      expect(rows).toMatchObject([{ tenantId: SYSTEM_TENANT, status: 'aborted', recipients: [] }])
    })
  })
})
