import { tenantScope } from './scope.ts'
import { beforeAll, describe, expect, it } from 'vitest'
import { createId } from '../id.ts'
import { SYSTEM_TENANT } from '../schema/tenant.ts'
import { makeTenant, withDatabases } from '../testing/index.ts'
import { type JourneyInput, recordJourneys } from './accept.ts'
import { recipientsOfJourneys } from './journey-parts.ts'
import { findJourney, listJourneys } from './journey.ts'

withDatabases((get) => {
  let first: string
  let second: string
  let shared: JourneyInput

  beforeAll(async () => {
    const { db } = get()
    first = (await makeTenant(db)).id
    second = (await makeTenant(db)).id
    const recipients = [first, second].map((tenantId) => ({
      tenantId,
      address: `box@${tenantId}.example`,
      status: 'accepted' as const,
      reply: '250 Ok',
    }))
    shared = {
      id: createId('jrn'),
      tenantId: SYSTEM_TENANT,
      direction: 'inbound',
      status: 'accepted',
      sender: 'sender@example.net',
      remoteAddress: '192.0.2.1',
      helo: 'mx',
      reply: '250 Ok',
      steps: [],
      startedAt: new Date('2026-11-01T00:00:00Z'),
      recipients,
    }
    await db.transaction((tx) => recordJourneys(tx, [shared]))
  })

  describe('a journey to two tenants', () => {
    it('has a row for each, with its own recipients', async () => {
      for (const tenantId of [first, second]) {
        const row = await findJourney(get().db, { tenantIds: [tenantId], only: 'all' }, shared.id)
        expect(row).toMatchObject({ tenantId, recipients: [`box@${tenantId}.example`] })
        expect(await recipientsOfJourneys(get().db, tenantScope(tenantId), { ids: [shared.id] }, 10)).toHaveLength(1)
      }
    })

    it('is listed once for a viewer of both, as that of the first tenant', async () => {
      const scope = { tenantIds: [second, first], only: 'all' as const }
      const rows = await listJourneys(get().db, scope, {}, { limit: 10 })
      expect(rows).toMatchObject([{ id: shared.id, tenantId: second }])
    })

    it('is hidden from everyone else', async () => {
      const foreign = (await makeTenant(get().db)).id
      expect(await findJourney(get().db, { tenantIds: [foreign], only: 'all' }, shared.id)).toBeNull()
      const only = { mailboxIds: ['mbx_other'], sent: { userId: 'usr_x', byAddress: false } }
      expect(await findJourney(get().db, { tenantIds: [first], only }, shared.id)).toBeNull()
    })
  })
})
